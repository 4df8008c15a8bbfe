/**
 * What one message there and back costs, as structured clone and as a binary frame, between threads and between processes. A chunk of
 * 20-D points goes out, their values come back. Writes wire.md beside this file.
 */
import { fork, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';

const DIMENSION = 20;
const SIZES = [1, 16, 256];
const ROUNDS = 3000;
const echo = path.join(import.meta.dirname, 'tasks/wire-echo.js');

interface Wire {
  readonly name: string;
  /** One chunk there and its values back. */
  roundTrip(ids: Float64Array, x: Float64Array): Promise<number>;
  close(): void;
}

/** Settles the one round trip that is on its way. */
class Pending {
  #resolve: (value: number) => void = () => {};
  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
  settle(value: number): void {
    this.#resolve(value);
  }
}

function threadWire(kind: 'clone' | 'shared'): Wire {
  const pending = new Pending();
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(echo, { workerData: { kind, port: port2 }, transferList: [port2] });
  const shared = new SharedArrayBuffer(8 * Math.max(...SIZES) * (DIMENSION + 2));
  const columns = new Float64Array(shared);
  port1.on('message', (message: { fx: Float64Array } | number) => {
    pending.settle(typeof message === 'number' ? columns[0]! : message.fx[0]!);
  });
  if (kind === 'shared') port1.postMessage(shared);
  return {
    name:
      kind === 'clone' ? 'thread: structured clone' : 'thread: values in shared memory, a number as message',
    roundTrip(ids, x) {
      const answer = pending.next();
      if (kind === 'clone') port1.postMessage({ ids, x });
      else {
        columns.set(ids);
        columns.set(x, 2 * ids.length);
        port1.postMessage(ids.length);
      }
      return answer;
    },
    close: () => void worker.terminate(),
  };
}

function channelWire(serialization: 'advanced' | 'json'): Wire {
  const pending = new Pending();
  const child = fork(echo, ['ipc'], { serialization });
  child.on('message', ({ fx }: { fx: ArrayLike<number> }) => {
    pending.settle(fx[0]!);
  });
  return {
    name:
      serialization === 'advanced'
        ? 'process: structured clone on the message channel'
        : 'process: JSON on the message channel',
    roundTrip(ids, x) {
      const answer = pending.next();
      child.send(serialization === 'advanced' ? { ids, x } : { ids: [...ids], x: [...x] });
      return answer;
    },
    close: () => child.kill(),
  };
}

function frameWire(): Wire {
  const pending = new Pending();
  const child = spawn(process.execPath, [echo, 'frames'], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const pipe = child.stdio[3] as Duplex;
  let held: Buffer = Buffer.alloc(0);
  pipe.on('data', (bytes: Buffer) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    if (held.length < 4 || held.length < 4 + held.readUInt32LE(0)) return;
    pending.settle(held.readDoubleLE(4));
    held = Buffer.alloc(0);
  });
  return {
    name: 'process: binary frames on a pipe of their own',
    roundTrip(ids, x) {
      const answer = pending.next();
      const frame = Buffer.allocUnsafe(4 + ids.byteLength + x.byteLength);
      frame.writeUInt32LE(frame.length - 4, 0);
      frame.set(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength), 4);
      frame.set(new Uint8Array(x.buffer, x.byteOffset, x.byteLength), 4 + ids.byteLength);
      pipe.write(frame);
      return answer;
    },
    close: () => child.kill(),
  };
}

async function measure(wire: Wire, points: number): Promise<string> {
  const ids = Float64Array.from({ length: points }, (_, i) => i + 1);
  const x = new Float64Array(points * DIMENSION).fill(0.5);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const since = performance.now();
    const value = await wire.roundTrip(ids, x);
    if (value !== ids[0]) throw new Error(`${wire.name} answered ${value}`);
    if (round > ROUNDS / 5) times.push(performance.now() - since);
  }
  times.sort((a, b) => a - b);
  return (1000 * times[times.length >> 1]!).toFixed(0);
}

const wires = [
  threadWire('clone'),
  threadWire('shared'),
  channelWire('advanced'),
  channelWire('json'),
  frameWire(),
];
const rows: string[] = [];
for (const wire of wires) {
  const cells: string[] = [];
  for (const points of SIZES) cells.push(await measure(wire, points));
  rows.push(`| ${wire.name} | ${cells.join(' | ')} |`);
  console.error(rows.at(-1));
  wire.close();
}
writeFileSync(
  path.join(import.meta.dirname, 'wire.md'),
  `# Wire formats

Made by \`node bench/wire.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
Median microseconds of ${ROUNDS} round trips: a chunk of ${DIMENSION}-D points there, one value for each back.

| | ${SIZES.map((size) => `${size} point${size > 1 ? 's' : ''}`).join(' | ')} |
| --- | ${SIZES.map(() => '---').join(' | ')} |
${rows.join('\n')}
`,
);
process.exit(0);
