import { systemClock } from '../../core/clock.ts';
import { createEvaluator } from '../evaluators/registry.ts';
import { printOwn as print } from './output.ts';
import { OptimizerHost } from '../optimizer-host.ts';
import type { ManagerMessage } from '../protocol.ts';

// Without its manager a host has nobody to work for.
process.on('disconnect', () => process.exit(1));
// Ctrl-C on the terminal goes to the whole process group, a batch system's signals to all of a job; how the run ends is the manager's to say.
for (const name of ['SIGINT', 'SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => {});

const host = new OptimizerHost({
  clock: systemClock,
  createEvaluator: (setup) => createEvaluator(setup, print),
  print,
  send: (message) => {
    // A message that cannot be sent is followed by `disconnect`.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  },
  close: () => {
    // A task may have left timers or sockets behind, which would keep the process.
    process.exit(0);
  },
});
process.on('message', (message) => {
  host.receive(message as ManagerMessage);
});
