/**
 * What `ask` and `tell` of CMA-ES cost an evaluation, beside pagmo: `node bench/cma-es-cost.ts` prints a table.
 *
 * Both minimize the same function with default options and population size, from the centre of the box or near it with a step size of 0.1, one run after
 * another; the time of the function is left out. Rounds of the two alternate, for what else runs on the machine changes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '../src/core/random.ts';
import { cmaEs } from '../src/optimizers/cma-es.ts';

const ROUNDS = 5;

interface Cost {
  /** Microseconds an evaluation: the median over stretches of some hundred evaluations. */
  readonly median: number;
  /** Of the first stretch, which in a fresh process is before V8 has compiled anything. */
  readonly first: number;
  readonly evaluations: number;
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
export function measureCmaEs(dimension: number, evaluations: number, seed = 1): Cost {
  const stretch = Math.max(300, Math.ceil(20_000 / dimension));
  const costs: number[] = [];
  let optimizer: ReturnType<typeof cmaEs.create> | undefined;
  let runs = 0;
  let [spent, made, total] = [0, 0, 0];
  while (total < evaluations || made > 0) {
    optimizer ??= cmaEs.create(
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
  return { median: median(costs), first: costs[0]!, evaluations: total };
}

/** pagmo's program, compiled; to be removed with its folder. */
export class Pagmo {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns what keeps it from being compiled, if that is so */
  static build(): Pagmo | string {
    if (spawnSync('g++', ['--version']).status !== 0) return 'there is no g++';
    const folder = mkdtempSync(join(tmpdir(), 'glompo-pagmo-'));
    const pagmo = new Pagmo(folder);
    const source = join(import.meta.dirname, 'peers/pagmo.cpp');
    const libraries = ['-lpagmo', '-ltbb', '-lboost_serialization', '-lpthread'];
    const { status, stderr } = spawnSync(
      'g++',
      ['-O2', '-std=c++17', '-I/usr/include/eigen3', source, '-o', pagmo.#program].concat(libraries),
      { encoding: 'utf8' },
    );
    if (status === 0) return pagmo;
    pagmo.remove();
    return `g++ does not compile it: ${stderr.split('\n')[0]}`;
  }

  get #program(): string {
    return join(this.#folder, 'pagmo');
  }

  /** Microseconds of the algorithm an evaluation. */
  cmaEs(dimension: number, evaluations: number, seed: number): number {
    return this.#run('cma-es', dimension, evaluations, seed);
  }

  /** Evaluations a second of two islands. */
  archipelago(dimension: number, evaluations: number, seed: number): number {
    return this.#run('archipelago', dimension, evaluations, seed);
  }

  #run(what: string, ...numbers: readonly number[]): number {
    return Number.parseFloat(
      execFileSync(this.#program, [what, ...numbers.map(String)], { encoding: 'utf8' }),
    );
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export interface CostRow {
  readonly dimension: number;
  readonly ours: number;
  /** Undefined where it was not measured. */
  readonly pagmo: number | undefined;
  /** Median of the ratios of the rounds: pagmo's cost, ours being 1. */
  readonly ratio: number | undefined;
}

/** Alternating rounds of both; medians over them. */
export function measureRow(dimension: number, pagmo: Pagmo | undefined): CostRow {
  const evaluations = Math.ceil(Math.min(120_000, 2_000_000 / dimension));
  const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
    ours: measureCmaEs(dimension, evaluations, round + 1).median,
    pagmo: pagmo?.cmaEs(dimension, evaluations, round + 1),
  }));
  return {
    dimension,
    ours: median(rounds.map(({ ours }) => ours)),
    pagmo: pagmo && median(rounds.map((one) => one.pagmo!)),
    ratio: pagmo && median(rounds.map((one) => one.pagmo! / one.ours)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1]!;
}

/** Where pagmo is measured too. */
const BESIDE = new Set([10, 20, 40, 100]);

function print(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell) => cell.padStart(9)).join(' ')}\n`);
}

function main(): void {
  const pagmo = Pagmo.build();
  if (typeof pagmo === 'string') process.stdout.write(`pagmo is not measured: ${pagmo}\n`);
  process.stdout.write('Microseconds of the algorithm an evaluation, medians of alternating rounds\n');
  print(['dimension', 'glompo', 'pagmo', 'ratio']);
  for (const dimension of [2, 5, 10, 20, 40, 100, 200]) {
    const peer = typeof pagmo === 'string' || !BESIDE.has(dimension) ? undefined : pagmo;
    const row = measureRow(dimension, peer);
    print([String(dimension), row.ours.toFixed(2), row.pagmo?.toFixed(2) ?? '', row.ratio?.toFixed(2) ?? '']);
  }
  if (typeof pagmo === 'string') return;
  const speeds = Array.from({ length: ROUNDS }, (_, round) => pagmo.archipelago(20, 500_000, round + 1));
  process.stdout.write(
    `pagmo, two islands on Rastrigin's function of 20 dimensions: ${median(speeds).toFixed(0)} evaluations/s\n`,
  );
  pagmo.remove();
}

if (import.meta.main) main();
