import { fork, spawn } from 'node:child_process';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Bench, Benchmark, Cell, Measured, Table } from '../harness/benchmark.ts';
import { root } from '../harness/managed-run.ts';
import { interleaved, median } from '../harness/measure.ts';

const DIMENSION = 20;
const SIZES = [1, 16, 256];
const echo = path.join(root, 'bench/tasks/wire-echo.js');

interface Wire {
  readonly name: string;
  /** One chunk there and its values back. */
  readonly roundTrip: (ids: Float64Array, x: Float64Array) => Promise<number>;
  close(): void;
}

export const wire: Benchmark = {
  name: 'wire',
  title: 'Wire formats',
  about: `
What one message there and back costs, as structured clone and as a binary frame, between threads and between processes: a chunk of ${DIMENSION}-D points there,
one value for each back.`,
  run: async (bench) => [await roundTrips(bench)],
};

async function roundTrips({ isQuick, say }: Bench): Promise<Table> {
  const trips = isQuick ? 300 : 3000;
  const wires = [
    threadWire('clone'),
    threadWire('shared'),
    channelWire('advanced'),
    channelWire('json'),
    frameWire(),
  ];
  try {
    const columns: Readonly<Record<string, Measured | null>>[] = [];
    for (const points of SIZES) {
      columns.push(
        await interleaved(
          isQuick ? 1 : 5,
          Object.fromEntries(
            wires.map((each) => [each.name, async () => await measure(each, points, trips)] as const),
          ),
        ),
      );
      say(pointsOf(points));
    }
    return {
      title: 'A chunk there and its values back',
      columns: [
        { name: '' },
        ...SIZES.map((size) => ({ name: pointsOf(size), unit: 'µs', better: 'lower' as const })),
      ],
      rows: wires.map(({ name }): Cell[] => [name, ...columns.map((column) => column[name]!)]),
      notes: [`Each figure is the median of ${trips.toLocaleString('en-US')} round trips.`],
    };
  } finally {
    for (const each of wires) each.close();
  }
}

function pointsOf(count: number): string {
  return `${count} point${count > 1 ? 's' : ''}`;
}

/** @returns median microseconds of so many round trips, the first fifth of them left out */
async function measure({ name, roundTrip }: Wire, points: number, trips: number): Promise<number> {
  const ids = Float64Array.from({ length: points }, (_, i) => i + 1);
  const x = new Float64Array(points * DIMENSION).fill(0.5);
  const times: number[] = [];
  for (let trip = 0; trip < trips; trip++) {
    const since = performance.now();
    const value = await roundTrip(ids, x);
    if (value !== ids[0]) throw new Error(`${name} answered ${value}`);
    if (trip > trips / 5) times.push(performance.now() - since);
  }
  return 1000 * median(times);
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
    close: () => {
      port1.close();
      void worker.terminate();
    },
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
