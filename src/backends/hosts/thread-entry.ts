import { parentPort } from 'node:worker_threads';
import { useCompileCache } from '../../core/compile-cache.ts';
import type { ManagerMessage } from '../protocol.ts';
import type { SeatMessage } from './seat-message.ts';

useCompileCache();
const { Seat } = await import('./seat.ts');

const port = parentPort!;
const seat = new Seat((message) => {
  port.postMessage(message);
});
port.on('message', (message: ManagerMessage | SeatMessage) => {
  seat.receive(message);
});
