import { useCompileCache } from '../../core/compile-cache.ts';
import type { ManagerMessage } from '../protocol.ts';
import type { SeatMessage } from './seat-message.ts';

// Without its manager a host has nobody to work for.
process.on('disconnect', () => process.exit(1));
// Ctrl-C on the terminal goes to the whole process group, a batch system's signals to all of a job; how the run ends is the manager's to say.
for (const name of ['SIGINT', 'SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => {});

useCompileCache();
const { Seat } = await import('./seat.ts');

const seat = new Seat((message) => {
  // A message that cannot be sent is followed by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
});
process.on('message', (message) => {
  seat.receive(message as ManagerMessage | SeatMessage);
});
