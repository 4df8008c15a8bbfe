import type { Bench, Measured, Table } from '../../harness/benchmark.ts';
import { interleaved } from '../../harness/measure.ts';
import { type Contender, glompo, OTHERS, warmUp } from './contenders.ts';

const WORKERS = 2;
const DIMENSION = 20;

/** Calls a second of a function that returns what it is given. */
export async function rates(bench: Bench): Promise<readonly Table[]> {
  const counts = bench.isQuick
    ? { withChunks: 20_000, without: 2000 }
    : { withChunks: 200_000, without: 20_000 };
  await using stack = new AsyncDisposableStack();
  const pools = new Map<string, Contender>();
  const open = async (name: string, opened: Promise<Contender>): Promise<void> => {
    const pool = stack.use(await opened);
    await warmUp(pool, WORKERS);
    pools.set(name, pool);
  };
  await open('glompo map, threads', glompo('threads', 'map', WORKERS));
  await open('glompo map, processes', glompo('processes', 'map', WORKERS));
  await open('glompo imap, threads', glompo('threads', 'imap', WORKERS));
  await open('glompo imapUnordered, threads', glompo('threads', 'imapUnordered', WORKERS));
  for (const [name, start] of Object.entries(OTHERS)) await open(name, start(WORKERS));
  return [
    await compare(bench, pools, counts, 0, 'Calls a second, an integer there and back'),
    await compare(bench, pools, counts, DIMENSION, `Calls a second, ${DIMENSION} numbers there and back`),
  ];
}

async function compare(
  { isQuick, peers, say }: Bench,
  pools: ReadonlyMap<string, Contender>,
  counts: { readonly withChunks: number; readonly without: number },
  dimension: number,
  title: string,
): Promise<Table> {
  const inputsOf = (count: number): readonly unknown[] =>
    Array.from({ length: count }, (_, i) => (dimension === 0 ? i : Array(dimension).fill(i + 0.5)));
  const [many, few] = [inputsOf(counts.withChunks), inputsOf(counts.without)];
  const things: Record<string, () => number | undefined | Promise<number>> = {};
  for (const [name, pool] of pools) {
    const inputs = pool.hasChunks ? many : few;
    // Code is compiled.
    await pool.map('same', few.slice(0, 2000));
    things[name] = async () => {
      const figure = await rate(pool, inputs);
      say(`${title}: ${name} ${Math.round(figure)}`);
      return figure;
    };
  }
  for (const how of ['map', 'imap'])
    things[`multiprocess ${how} (Python)`] = () =>
      peers.python('multiprocess', 'multiprocess_pool.py', how, WORKERS, counts.withChunks, dimension)?.[
        'rate'
      ];
  const found = await interleaved(isQuick ? 1 : 5, things);
  return {
    title,
    columns: [{ name: 'pool' }, { name: 'calls', unit: '/s', better: 'higher' }],
    rows: Object.entries<Measured | null>(found),
  };
}

async function rate(pool: Contender, inputs: readonly unknown[]): Promise<number> {
  const began = performance.now();
  const found = await pool.map('same', inputs);
  const seconds = (performance.now() - began) / 1000;
  if (found.length !== inputs.length || String(found.at(-1)) !== String(inputs.at(-1)))
    throw new Error('the pool lost some calls');
  return inputs.length / seconds;
}
