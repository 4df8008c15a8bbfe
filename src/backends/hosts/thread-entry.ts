import { parentPort } from 'node:worker_threads';
import type { ManagerMessage } from '../protocol.ts';
import { Seat, type SeatMessage } from './seat.ts';

const port = parentPort!;
const seat = new Seat((message) => {
  port.postMessage(message);
});
port.on('message', (message: ManagerMessage | SeatMessage) => {
  seat.receive(message);
});
