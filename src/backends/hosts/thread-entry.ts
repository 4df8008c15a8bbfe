import { parentPort } from 'node:worker_threads';
import { useCompileCache } from '../../core/compile-cache.ts';
import type { ManagerMessage } from '../protocol.ts';
import type { SeatMessage } from './seat.ts';

useCompileCache();
const { Seat } = await import('./seat.ts');

const port = parentPort!;
const seat = new Seat((message) => {
  // All columns of its rows are in one piece of memory, which the manager is given.
  const given = message.type === 'batch' ? [message.batch.rows.x.buffer as ArrayBuffer] : [];
  port.postMessage(message, given);
});
port.on('message', (message: ManagerMessage | SeatMessage) => {
  seat.receive(message);
});
