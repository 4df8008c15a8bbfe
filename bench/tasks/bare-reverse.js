import { parentPort, workerData } from 'node:worker_threads';
import { reverse } from './pool-functions.js';

/** As little as a thread can do between getting numbers and giving them back. */
parentPort.on('message', (numbers) => {
  reverse(numbers);
  parentPort.postMessage(numbers, workerData.transfers ? [numbers.buffer] : []);
});
