import { RandomStream } from '../../src/core/random.ts';
import { cmaEs as component } from '../../src/optimizers/cma-es.ts';
import type { Bench, Benchmark, Cell, Table } from '../harness/benchmark.ts';
import { interleaved, median, ratio } from '../harness/measure.ts';

const DIMENSIONS = [2, 5, 10, 20, 40, 100, 200];
/** Where the others are measured too. */
const BESIDE = new Set([10, 20, 40, 100]);

export const cmaEs: Benchmark = {
  name: 'cma-es',
  title: 'What `ask` and `tell` of CMA-ES cost an evaluation',
  about: `
Both sides minimize the same function with default options and population size, from the centre of the box or near it with a step size of 0.1, one run after
another, so that few samples fall outside and none of the rules that end a run costs evaluations; the time of the function is left out. Rounds alternate.
pagmo2 is C++ with Eigen (\`bench/peers/pagmo.cpp\`), DEAP is NumPy (\`bench/peers/deap_cma.py\`). The goal is less than pagmo2 in 10 and 20 dimensions, and less
than half in 40 and 100.`,
  run: async (bench) => [await costsOf(bench)],
};

async function costsOf({ isQuick, peers, say }: Bench): Promise<Table> {
  const rows: Cell[][] = [];
  for (const dimension of DIMENSIONS) {
    const evaluations = Math.ceil(Math.min(120_000, 2_000_000 / dimension) / (isQuick ? 10 : 1));
    const first: number[] = [];
    let seed = 1;
    const ours = (): number => {
      const cost = measureCmaEs(dimension, evaluations, seed++);
      first.push(cost.first);
      return cost.median;
    };
    const pagmo = (): number | undefined => peers.pagmo('cma-es', dimension, evaluations, seed)?.['micros'];
    const deap = (): number | undefined =>
      peers.python('deap', 'deap_cma.py', dimension, Math.min(evaluations, 5000), seed)?.['micros'];
    const isBeside = BESIDE.has(dimension);
    const found = await interleaved(isQuick ? 1 : 5, {
      ours,
      pagmo: () => (isBeside ? pagmo() : undefined),
      deap: () => (isBeside ? deap() : undefined),
    });
    say(
      `${dimension}-D ${found.ours!.median.toFixed(2)} µs, pagmo2 ${found.pagmo?.median.toFixed(2) ?? '–'} µs`,
    );
    rows.push([
      String(dimension),
      found.ours,
      found.pagmo,
      found.deap,
      ratio(found.pagmo, found.ours),
      ratio(found.deap, found.ours),
      first[0]!,
    ]);
  }
  return {
    title: 'Microseconds an evaluation',
    columns: [
      { name: 'dimension' },
      { name: 'glompo', unit: 'µs', better: 'lower' },
      { name: 'pagmo2', unit: 'µs' },
      { name: 'DEAP', unit: 'µs' },
      { name: 'pagmo2 / glompo', better: 'higher' },
      { name: 'DEAP / glompo', better: 'higher' },
      { name: 'first stretch', unit: 'µs' },
    ],
    rows,
    notes: [
      'First stretch: the first some hundred evaluations of the first round, in 2-D before V8 has compiled anything.',
    ],
  };
}

interface Cost {
  /** Microseconds an evaluation: the median over stretches of some hundred evaluations. */
  readonly median: number;
  /** Of the first stretch. */
  readonly first: number;
}

/** Waves on an ellipsoid, with the optimum well inside the box: the objective of peers/pagmo.cpp. */
function waves(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const d = (x[i]! - 0.45) * (1 + (i % 7));
    sum += d * d - 0.1 * Math.cos(20 * d);
  }
  return sum;
}

/** @param evaluations at least so many, and as many as make whole stretches */
function measureCmaEs(dimension: number, evaluations: number, seed: number): Cost {
  const stretch = Math.max(300, Math.ceil(20_000 / dimension));
  const costs: number[] = [];
  let optimizer: ReturnType<typeof component.create> | undefined;
  let runs = 0;
  let [spent, made, total] = [0, 0, 0];
  while (total < evaluations || made > 0) {
    optimizer ??= component.create(
      { sigma0: 0.1 },
      {
        dimension,
        start: new Float64Array(dimension).fill(0.5),
        random: RandomStream.at(seed, 'bench/cma-es-cost', runs++),
        steps: Array.from({ length: dimension }, () => 0),
      },
    );
    const asked = performance.now();
    const candidates = optimizer.ask(optimizer.batchSize);
    spent += performance.now() - asked;
    const answers = candidates.map(({ id, x }) => ({ id, x, fx: waves(x) }));
    const told = performance.now();
    optimizer.tell(answers);
    spent += performance.now() - told;
    made += candidates.length;
    if (made >= stretch) {
      costs.push((1000 * spent) / made);
      total += made;
      [spent, made] = [0, 0];
    }
    if (optimizer.stopReason) optimizer = undefined;
  }
  return { median: median(costs), first: costs[0]! };
}
