import { RandomStream } from '../../src/core/random.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerSnapshot,
} from '../../src/optimizers/contract.ts';
import { optimizers } from '../../src/optimizers/registry.ts';

export type Objective = (x: Float64Array, id: number) => number | { fx: number; violation: number };

export interface Setup {
  readonly dimension?: number;
  readonly seed?: number;
  readonly start?: Float64Array;
  readonly steps?: readonly number[];
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A start somewhere in the box, the same for the same seed. */
export function startAt(seed: number, dimension: number): Float64Array {
  const random = RandomStream.at(seed, 'test/start');
  return Float64Array.from({ length: dimension }, () => random.uniform());
}

/** Optimizers with options that make them other ones. */
const VARIANTS: Readonly<Record<string, { readonly of: string; readonly options: object }>> = {
  'cma-es with noise: reevaluate': { of: 'cma-es', options: { noise: 'reevaluate' } },
  'cma-es with noise: grow': { of: 'cma-es', options: { noise: 'grow' } },
};

/** All that the contract holds for. */
export const subjects: readonly string[] = [...optimizers.names(), ...Object.keys(VARIANTS)];

export function componentOf(subject: string): OptimizerComponent {
  return optimizers.get(VARIANTS[subject]?.of ?? subject);
}

/** @param name of a component or a variant of one */
export function make(name: string, setup: Setup = {}): Optimizer {
  const { dimension = 3, seed = 1, start = startAt(seed, dimension) } = setup;
  const options = { ...setup.options, ...VARIANTS[name]?.options };
  return componentOf(name).create(options as never, {
    dimension,
    start,
    random: RandomStream.at(seed, `test/${name}`),
    steps: setup.steps ?? Array.from({ length: dimension }, () => 0),
  });
}

/** A value has one residual, its root: all that an optimizer which wants some can be told of functions that have none. */
export function answer({ id, x }: Candidate, f: Objective): Answer {
  const value = f(x, id);
  const ranked = typeof value === 'number' ? { fx: value } : value;
  return {
    id,
    x,
    ...ranked,
    ...(ranked.fx >= 0 ? { residuals: Float64Array.of(Math.sqrt(ranked.fx)) } : {}),
  };
}

export interface Run {
  readonly answers: readonly Answer[];
  /** The least value that was found, violations left aside; Infinity when there was none. */
  readonly best: number;
  /** Evaluations up to and with the first value <= the target. */
  readonly hitAt: number | undefined;
}

/** Asks and tells in whole batches until `evaluations` answers were told, the target is reached or the optimizer stops. */
export function drive(optimizer: Optimizer, f: Objective, evaluations = 20_000, target = -Infinity): Run {
  const answers: Answer[] = [];
  let best = Infinity;
  while (answers.length < evaluations && best > target) {
    const candidates = optimizer.ask(Math.min(optimizer.batchSize, evaluations - answers.length));
    if (candidates.length === 0) break;
    const told = candidates.map((candidate) => answer(candidate, f));
    optimizer.tell(told);
    for (const given of told) {
      answers.push(given);
      if (given.fx < best && !((given.violation ?? 0) > 0)) best = given.fx;
    }
  }
  const hit = answers.findIndex(({ fx }) => fx <= target);
  return { answers, best, hitAt: hit < 0 ? undefined : hit + 1 };
}

/** A snapshot after a journey through a log: JSON for the header, bytes for the block. */
export function transported(snapshot: OptimizerSnapshot): OptimizerSnapshot {
  return {
    ...snapshot,
    header: JSON.parse(JSON.stringify(snapshot.header)) as OptimizerSnapshot['header'],
    block: snapshot.block.slice(),
  };
}

/** A host that asks with any limit and answers late, in any order and grouping, as its random numbers will have it. */
export class Session {
  readonly optimizer: Optimizer;
  readonly #f: Objective;
  #random: RandomStream;
  #pending: Candidate[] = [];
  /** All candidates so far. */
  readonly seen: Candidate[] = [];

  constructor(optimizer: Optimizer, f: Objective, seed: number) {
    this.optimizer = optimizer;
    this.#f = f;
    this.#random = RandomStream.at(seed, 'test/session');
  }

  step(): void {
    if (this.#pending.length === 0 || this.#random.uniform() < 0.4) {
      const limit = 1 + this.#random.integer(9);
      const candidates = this.optimizer.ask(limit);
      if (candidates.length > limit) throw new Error(`asked for ${limit}, got ${candidates.length}`);
      this.#pending.push(...candidates);
      this.seen.push(...candidates);
      return;
    }
    const count = 1 + this.#random.integer(this.#pending.length);
    const told: Answer[] = [];
    for (let i = 0; i < count; i++) {
      const [candidate] = this.#pending.splice(this.#random.integer(this.#pending.length), 1);
      told.push(answer(candidate!, this.#f));
    }
    this.optimizer.tell(told);
  }

  steps(count: number): this {
    for (let i = 0; i < count; i++) this.step();
    return this;
  }

  get pendingCount(): number {
    return this.#pending.length;
  }

  /** The same session with `optimizer`, which is in the same state. */
  continuedWith(optimizer: Optimizer): Session {
    const session = new Session(optimizer, this.#f, 0);
    session.#random = new RandomStream(this.#random.state);
    session.#pending = [...this.#pending];
    return session;
  }
}

/** The points as plain data, so that a difference shows the first differing one. */
export function pointsOf(candidates: readonly Candidate[]): readonly (readonly number[])[] {
  return candidates.map(({ id, x }) => [id, ...x]);
}

// Test functions, each with its least value 0 at the point that is said.

/** sum (x_i - c)^2: least at (c, .., c). */
export function sphere(c = 0.37): (x: Float64Array) => number {
  return (x) => x.reduce((sum, value) => sum + (value - c) ** 2, 0);
}

/** Rosenbrock's function with noise that is as large as most differences. */
export const noisyRosenbrock: Objective = (x, id) =>
  rosenbrock(x) + 10 * RandomStream.at(1, 'test/noise', id).normal();

/** sum 10^(6 i / (n - 1)) (x_i - 0.4)^2: least at (0.4, .., 0.4). */
export const ellipsoid = (x: Float64Array): number =>
  x.reduce((sum, value, i) => sum + 10 ** ((6 * i) / Math.max(1, x.length - 1)) * (value - 0.4) ** 2, 0);

/** Rosenbrock's function on [-2, 2]^n: least at u = (1, .., 1), which is x = (0.75, .., 0.75). */
export const rosenbrock = (x: Float64Array): number => {
  let sum = 0;
  for (let i = 1; i < x.length; i++) {
    const u = 4 * x[i - 1]! - 2;
    const v = 4 * x[i]! - 2;
    sum += 100 * (v - u * u) ** 2 + (1 - u) ** 2;
  }
  return sum;
};

/** Rastrigin's function on [-5, 5]^n, moved: least at (0.45, .., 0.45), with a local minimum at about every 0.1. */
export const rastrigin = (x: Float64Array): number =>
  x.reduce((sum, value) => {
    const u = 10 * (value - 0.45);
    return sum + 10 + u * u - 10 * Math.cos(2 * Math.PI * u);
  }, 0);

/** sum (i + 1) |x_i - corner_i|: least in that corner, where its slope is not 0. */
export function towardsCorner(corner: readonly number[]): (x: Float64Array) => number {
  return (x) => x.reduce((sum, value, i) => sum + (i + 1) * Math.abs(value - corner[i]!), 0);
}

/** The same, but for coordinates of the corner that are inside: (i + 1) (x_i - corner_i)^2. */
export function intoEdge(corner: readonly number[]): (x: Float64Array) => number {
  return (x) =>
    x.reduce((sum, value, i) => {
      const apart = Math.abs(value - corner[i]!);
      return sum + (i + 1) * (corner[i]! > 0 && corner[i]! < 1 ? apart ** 2 : apart);
    }, 0);
}

/** Half of the box is not feasible. */
export const violation = (x: Float64Array): number => Math.max(0, 0.5 - x[0]!);

export const reported: Objective = (x) => ({
  fx: rosenbrock(x) - 1e3 * violation(x),
  violation: violation(x),
});

/** Fails for every other candidate. */
const halfFailing: Objective = (x, id) => (id % 2 === 0 ? NaN : rosenbrock(x));

/** Fails for every third candidate. */
const thirdFailing: Objective = (x, id) => (id % 3 === 0 ? NaN : rastrigin(x));

/** What each optimizer is made for: `step` stops at once on a function that is not separable. */
export const usual = (name: string): Objective => (name === 'step' ? rastrigin : rosenbrock);
export const failing = (name: string): Objective => (name === 'step' ? thirdFailing : halfFailing);
