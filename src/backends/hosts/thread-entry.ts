import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../core/clock.ts';
import { createEvaluator } from '../evaluators/registry.ts';
import { printOwn as print } from './output.ts';
import { OptimizerHost } from '../optimizer-host.ts';
import type { ManagerMessage } from '../protocol.ts';

const port = parentPort!;
const host = new OptimizerHost({
  clock: systemClock,
  createEvaluator: (setup) => createEvaluator(setup, print),
  print,
  send: (message) => {
    port.postMessage(message);
  },
  close: () => {
    // A task may have left timers or sockets behind, which would keep the thread.
    process.exit(0);
  },
});
port.on('message', (message: ManagerMessage) => {
  host.receive(message);
});
