import { parentPort } from 'node:worker_threads';
import { useCompileCache } from '../core/compile-cache.ts';
import type { ToWorker } from './serve.ts';

useCompileCache();
const { serve } = await import('./serve.ts');
const port = parentPort!;
const take = serve((message) => {
  port.postMessage(message);
});
port.on('message', (message: ToWorker) => {
  void take(message);
});
