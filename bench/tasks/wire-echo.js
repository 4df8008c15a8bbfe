/** The other end of bench/speed/wire.ts: answers a chunk of points with one value for each, in the same format. */
import { Socket } from 'node:net';
import { isMainThread, workerData } from 'node:worker_threads';

if (!isMainThread) {
  const { kind, port } = workerData;
  let columns;
  port.on('message', (message) => {
    if (kind === 'clone') port.postMessage({ fx: message.ids.slice() });
    else if (typeof message === 'number') port.postMessage(message);
    else columns = new Float64Array(message);
    if (columns) columns[message] = columns[0];
  });
} else if (process.argv[2] === 'ipc') {
  process.on('message', ({ ids }) => process.send({ fx: ids }));
} else {
  const pipe = new Socket({ fd: 3 });
  let held = Buffer.alloc(0);
  pipe.on('data', (bytes) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    if (held.length < 4 || held.length < 4 + held.readUInt32LE(0)) return;
    const points = (held.length - 4) / (8 * 21);
    const frame = Buffer.allocUnsafe(4 + 8 * points);
    frame.writeUInt32LE(8 * points, 0);
    held.copy(frame, 4, 4, 4 + 8 * points);
    held = Buffer.alloc(0);
    pipe.write(frame);
  });
}
