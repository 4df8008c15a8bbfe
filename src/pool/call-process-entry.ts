import { useCompileCache } from '../core/compile-cache.ts';
import type { ToWorker } from './messages.ts';

// Without its pool a worker has nobody to work for.
process.on('disconnect', () => process.exit(1));
// Ctrl-C on the terminal goes to the whole process group: what becomes of the work is the program's to say that has the pool.
process.on('SIGINT', () => {});

useCompileCache();
// Before anything is awaited: a message that nobody listens for is lost.
const ready = import('./serve.ts').then(({ serve }) =>
  serve({
    canShare: false,
    tell: (message) => {
      // A message that cannot be sent is followed by `disconnect`.
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
  }),
);
process.on('message', (message: ToWorker) => {
  void ready.then(async (take) => {
    if (message.kind !== 'end') await take(message);
  });
});
