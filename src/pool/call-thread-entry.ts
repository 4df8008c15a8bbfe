import { parentPort } from 'node:worker_threads';
import { useCompileCache } from '../core/compile-cache.ts';
import type { ToWorker } from './messages.ts';

useCompileCache();
const { serve } = await import('./serve.ts');
const port = parentPort!;
const take = serve({
  canShare: true,
  tell: (message, moved) => {
    port.postMessage(message, moved);
  },
});
port.on('message', (message: ToWorker) => {
  if (message.kind === 'end') port.close();
  else void take(message);
});
