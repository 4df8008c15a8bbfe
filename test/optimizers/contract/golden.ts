import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Candidate, Optimizer } from '../../../src/optimizers/contract.ts';
import {
  drive,
  failing,
  make,
  noisyRosenbrock,
  reported,
  Session,
  sphere,
  usual,
  type Objective,
  type Run,
  type Setup,
} from '../support.ts';

/** What an optimizer did when it was last meant to change. */
export interface Golden {
  /** Of its snapshots. */
  readonly version: number;
  /** The first points for its usual function, to see how far apart new ones are. */
  readonly first: readonly (readonly number[])[];
  /** A digest of all points by scenario, which a change of one bit changes. */
  readonly digests: Readonly<Record<string, string>>;
  /** A digest of a snapshot taken with answers outstanding. */
  readonly snapshot: string;
}

const goldenFile: URL = new URL('golden.json', import.meta.url);

export function readGolden(): Readonly<Record<string, Golden>> {
  return JSON.parse(readFileSync(goldenFile, 'utf8')) as Readonly<Record<string, Golden>>;
}

export function writeGolden(golden: Readonly<Record<string, Golden>>): void {
  const sorted = Object.entries(golden).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(goldenFile, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

/** Scenarios that only some have, because their options lead through code of its own. */
const variants: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  'cma-es': {
    // Stops early, so that there is a run with a small population among the first.
    bipop: { restarts: 'bipop', tolFun: 3, tolFunHist: 1 },
    diagonal: { covariance: 'diagonal', populationSize: 10 },
    reevaluate: { noise: 'reevaluate' },
    grow: { noise: 'grow' },
  },
  'dual-annealing': { chains: { chains: 3, localSearch: false }, cold: { restartTemperatureRatio: 0.1 } },
  'latin-hypercube': { long: { points: 400 } },
  'nelder-mead': { restarts: { restarts: 2 } },
  'particle-swarm': { few: { swarmSize: 8, informants: 2 } },
  shade: { shrinking: { maxEvaluations: 600 }, restarts: { populationSize: 12, restarts: 2, tolFun: 1e-2 } },
};

/** Too slow for many points, or done after few. */
const sizes: Readonly<Record<string, object>> = {
  bayesian: { maxPoints: 24, initialPoints: 8, starts: 1 },
  repeat: { times: 100 },
};

const POINTS = 600;

const points = (optimizer: Optimizer, f: Objective): Run['answers'] => drive(optimizer, f, POINTS).answers;

/** Runs an optimizer through what can make a difference to its points. */
export function goldenOf(name: string): Golden {
  const made = (setup: Setup = {}): Optimizer =>
    make(name, { seed: 7, ...setup, options: { ...sizes[name], ...setup.options } });
  const f = usual(name);
  const plain = points(made(), f);
  const session = new Session(made(), failing(name), 7).steps(61);
  const { version, header, block } = session.optimizer.snapshot();
  const digests = {
    usual: digestOf(plain),
    failing: digestOf(points(made(), failing(name))),
    flat: digestOf(points(made(), () => 3)),
    infeasible: digestOf(points(made(), reported)),
    integers: digestOf(points(made({ steps: [0, 11, 2] }), f)),
    injected: digestOf(points(injecting(made()), f)),
    wide: digestOf(points(made({ dimension: 20 }), sphere())),
    late: digestOf(session.seen),
    ...Object.fromEntries(
      Object.entries(variants[name] ?? {}).map(([key, options]) => [
        key,
        digestOf(points(made({ options: { ...options } }), 'noise' in options ? noisyRosenbrock : f)),
      ]),
    ),
  };
  return {
    version,
    first: plain.slice(0, 3).map(({ x }) => [...x]),
    digests,
    snapshot: digest(JSON.stringify(header), bytesOf(block)),
  };
}

/** Is given a good point at every twentieth answer. */
function injecting(optimizer: Optimizer): Optimizer {
  const tell = optimizer.tell.bind(optimizer);
  optimizer.tell = (answers) => {
    if (answers.some(({ id }) => id % 20 === 0)) optimizer.inject?.(Float64Array.of(0.7, 0.6, 0.5), 1e-2);
    tell(answers);
  };
  return optimizer;
}

function digestOf(candidates: readonly Candidate[]): string {
  return digest(...candidates.map(({ x }) => bytesOf(x)));
}

/** Little-endian, whatever the machine. */
function bytesOf(numbers: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  for (const [i, value] of numbers.entries()) view.setFloat64(8 * i, value, true);
  return new Uint8Array(view.buffer);
}

function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}
