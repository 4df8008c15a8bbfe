import path from 'node:path';
import type { MapOptions } from 'glompo/pool';
import type { Bench, Measured, Table } from '../../harness/benchmark.ts';
import { root } from '../../harness/managed-run.ts';
import { interleaved, ratio } from '../../harness/measure.ts';
import { BareThreads } from './bare-threads.ts';
import { functions } from './contenders.ts';

const WORKERS = 2;
/** 1 MB of them: arrays a second are megabytes a second. */
const LENGTH = 131_072;

/** Megabytes a second to workers and back, by hand, by glompo and by piscina. */
export async function bandwidth({ isQuick, say }: Bench): Promise<Table> {
  await using stack = new AsyncDisposableStack();
  const handing = stack.use(new BareThreads(WORKERS, LENGTH, true));
  const copying = stack.use(new BareThreads(WORKERS, LENGTH, false));
  const map = await glompo(stack);
  const moving = await piscina(stack);
  const many = isQuick ? 200 : 4000;
  const few = many / 16;
  const things: Record<string, () => Promise<number>> = {
    'by hand, handed over': async () => await handing.rate(many, 1),
    'by hand, handed over, two in flight a worker': async () => await handing.rate(many, 2),
    'glompo, `transfer: true`': async () => await map(many, { transfer: true }),
    'glompo, `transfer: true`, `chunkSize: 8`': async () => await map(many, { transfer: true, chunkSize: 8 }),
    'piscina, handed over': async () => await moving(many, 1),
    'piscina, handed over, two in flight a worker': async () => await moving(many, 2),
    'by hand, copies': async () => await copying.rate(few, 1),
    'by hand, copies, two in flight a worker': async () => await copying.rate(few, 2),
    'glompo, copies': async () => await map(few, {}),
    'glompo, copies, `chunkSize: 1`': async () => await map(few, { chunkSize: 1 }),
  };
  // Code is compiled, and memory is there.
  for (const measure of Object.values(things)) await measure();
  const found = await interleaved<string>(isQuick ? 1 : 15, things);
  say('bandwidth');
  return {
    title: 'Megabytes a second, to a worker and back',
    columns: [
      { name: '' },
      { name: 'arrays of 1 MB', unit: '/s', better: 'higher' },
      { name: 'of by hand, handed over' },
    ],
    rows: Object.entries<Measured | null>(found).map(([name, figure]) => [
      name,
      figure,
      ratio(figure, found['by hand, handed over']!),
    ]),
  };
}

/** @returns measures megabytes a second through `imap` with some options */
async function glompo(
  stack: AsyncDisposableStack,
): Promise<(count: number, options: MapOptions) => Promise<number>> {
  const { fromModule, Pool } = await import('glompo/pool');
  const pool = stack.use(new Pool({ workers: WORKERS }));
  const f = fromModule<(numbers: Float64Array) => Float64Array>(functions, 'reverse');
  return async (count, options) => {
    const free: Float64Array[] = [];
    // What came back goes out again, as it does by hand; more are made only where more are ahead.
    function* arrays(): Generator<Float64Array> {
      for (let i = 0; i < count; i++) yield free.pop() ?? new Float64Array(LENGTH);
    }
    const began = performance.now();
    for await (const numbers of pool.imap(f, arrays(), options)) free.push(numbers);
    return (1000 * count) / (performance.now() - began);
  };
}

/** @returns measures megabytes a second, with so many arrays in flight a worker */
async function piscina(
  stack: AsyncDisposableStack,
): Promise<(count: number, inFlight: number) => Promise<number>> {
  const { Piscina } = await import('piscina');
  const filename = path.join(root, 'bench/tasks/piscina-reverse.js');
  const pool = new Piscina({ filename, minThreads: WORKERS, maxThreads: WORKERS });
  stack.defer(async () => {
    await pool.destroy();
  });
  return async (count, inFlight) => {
    let left = count;
    const turns = async (): Promise<void> => {
      let numbers = new Float64Array(LENGTH);
      while (left-- > 0)
        numbers = (await pool.run(numbers, { transferList: [numbers.buffer] })) as Float64Array<ArrayBuffer>;
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: WORKERS * inFlight }, turns));
    return (1000 * count) / (performance.now() - began);
  };
}
