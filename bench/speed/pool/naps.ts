import type { Bench, Measured, Table } from '../../harness/benchmark.ts';
import { interleaved } from '../../harness/measure.ts';
import { type Contender, glompo, OTHERS, warmUp } from './contenders.ts';

const WORKERS = 8;
const CALLS = 24;
const NAP_MS = 100;

/** How long calls take together that wait and do nothing else, so that cores do not matter. */
export async function naps({ isQuick, peers, say }: Bench): Promise<Table> {
  const found = await interleaved(isQuick ? 1 : 5, {
    'glompo, threads': async () => await seconds(await glompo('threads', 'map', WORKERS)),
    'glompo, processes': async () => await seconds(await glompo('processes', 'map', WORKERS)),
    ...Object.fromEntries(
      Object.entries(OTHERS).map(([name, open]) => [name, async () => await seconds(await open(WORKERS))]),
    ),
    'multiprocess (Python)': () =>
      peers.python('multiprocess', 'multiprocess_pool.py', 'naps', WORKERS, CALLS, NAP_MS / 1000)?.[
        'seconds'
      ],
  });
  say('naps');
  return {
    title: `${CALLS} calls of ${NAP_MS} ms on ${WORKERS} workers`,
    columns: [{ name: 'pool' }, { name: 'all of them', unit: 's', better: 'lower' }],
    rows: Object.entries<Measured | null>(found),
  };
}

/** Opens no other pool meanwhile: idle workers of seven of them would take memory from those that are measured. */
async function seconds(opened: Contender): Promise<number> {
  await using pool = opened;
  await warmUp(pool, WORKERS);
  const began = performance.now();
  await pool.map('nap', Array(CALLS).fill(NAP_MS));
  return (performance.now() - began) / 1000;
}
