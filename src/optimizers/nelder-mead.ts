import { figure } from '../conditions/figures.ts';
import type { Ranked } from '../core/ranking.ts';
import { compareRanked } from '../core/ranking.ts';
import { power } from '../core/power.ts';
import { Batch } from './batch.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { cutoffBy } from './cutoff.ts';
import { CandidateLedger } from './ledger.ts';
import {
  nelderMeadSchema,
  resolveNelderMead,
  type NelderMeadOptions,
  type ResolvedNelderMeadOptions,
} from './nelder-mead/options.ts';
import { Simplex, type Vertex } from './nelder-mead/simplex.ts';
import { loadState, saveState, type Phase, type State } from './nelder-mead/state.ts';
import { fromBox, toBox } from './math/box.ts';
import { SnapshotReader, SnapshotWriter } from './snapshot.ts';

export type { NelderMeadOptions } from './nelder-mead/options.ts';

const TYPE = 'nelder-mead';
const VERSION = 2;

/** Iterations in a row without a difference between the vertices that end the search: once it may be for symmetry. */
const NARROW_ITERATIONS = 3;

export const nelderMead: OptimizerComponent<NelderMeadOptions> = {
  name: TYPE,
  summary:
    'the downhill simplex: quick and local, for up to about 10 parameters and values with little noise',
  options: nelderMeadSchema,
  create: (options, context) => new NelderMead(options, context),
};

/**
 * Nelder-Mead with coefficients that fit the dimension, in a box.
 *
 * The simplex lives in an unbounded space that `math/box.ts` folds into the box: moving points to the nearest point of the box instead
 * would press it flat against the bounds, from where it hardly moves on. One that converged is replaced by a fresh smaller one around its
 * best vertex, as long as that brings progress (`maxRestarts`). The first simplex and a shrink are asked for as a batch, all else one by
 * one. It takes no injected points: a far vertex would ruin the shape, which is all that the simplex knows.
 *
 * @see Gao, Han (2012), Implementing the Nelder-Mead simplex algorithm with adaptive parameters, Comput. Optim. Appl. 51, 259-277
 */
class NelderMead implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly batchSize = 1;
  readonly #options: ResolvedNelderMeadOptions;
  readonly #steps: readonly number[];
  /** Gao & Han, eq. 4.1; the reflection is 1. */
  readonly #expansion: number;
  readonly #contraction: number;
  readonly #shrinkage: number;
  #ledger = new CandidateLedger(TYPE);
  #state: State;

  constructor(options: NelderMeadOptions, { dimension, start, steps }: OptimizerContext) {
    this.dimension = dimension;
    this.#options = resolveNelderMead(options);
    this.#steps = steps;
    // In one dimension the formulas would shrink the simplex to a point.
    const n = Math.max(2, dimension);
    this.#expansion = 1 + 2 / n;
    this.#contraction = 0.75 - 1 / (2 * n);
    this.#shrinkage = 1 - 1 / n;
    const first = start.map((x) => fromBox(x, 0.5));
    const trials = [first, ...this.#around(first, this.#options.initialSize)];
    this.#state = {
      phase: 'simplex',
      trials,
      batch: new Batch(),
      simplex: undefined,
      reflected: undefined,
      reference: undefined,
      restarts: 0,
      narrowIterations: 0,
      stopReason: undefined,
    };
    this.#state.batch.start(1, trials.length);
  }

  get stopReason(): StopReason | undefined {
    return this.#state.stopReason;
  }

  ask(limit: number): readonly Candidate[] {
    const { batch, trials } = this.#state;
    const count = Math.min(limit, batch.size - batch.asked);
    return Array.from({ length: count }, () => this.#ledger.issue(trials[batch.next()]!.map(toBox)));
  }

  tell(answers: readonly Answer[]): void {
    this.#ledger.settle(answers);
    const { batch } = this.#state;
    for (const answer of answers) batch.record(answer);
    if (answers.length > 0 && batch.isComplete) this.#advance();
  }

  /** A vertex that is not taken leaves nothing behind but that it was not. */
  cutoff(): number {
    const { phase, simplex, reflected } = this.#state;
    if (phase === 'expand' || phase === 'contract-outside') return cutoffBy(reflected);
    return cutoffBy(phase === 'reflect' || phase === 'contract-inside' ? simplex?.worst : undefined);
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    saveState(writer, this.#state);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', this.dimension, this.dimension);
    this.#state = loadState(reader, this.dimension, this.#options.maxRestarts);
    this.#ledger = new CandidateLedger(TYPE);
    this.#state.batch.reissue(this.#ledger, (place) => this.#state.trials[place]!.map(toBox));
  }

  /** All candidates of the phase were answered. */
  #advance(): void {
    const { phase, simplex, reflected, batch, trials } = this.#state;
    const evaluated = trials.map((x, i): Vertex => {
      const { fx, violation } = batch.answer(i);
      return { fx, violation, x };
    });
    if (!simplex || phase === 'simplex' || phase === 'shrink') {
      const fresh = new Simplex(simplex ? [simplex.best, ...evaluated] : evaluated);
      this.#state.simplex = fresh;
      this.#state.reference ??= rankOf(fresh.best);
      this.#iterate(fresh);
      return;
    }
    const vertex = evaluated[0]!;
    if (!reflected) this.#judgeReflected(simplex, vertex);
    else if (compareRanked(vertex, phase === 'contract-inside' ? simplex.worst : reflected) < 0)
      this.#accept(simplex, vertex);
    else if (phase === 'expand') this.#accept(simplex, reflected);
    else this.#shrink(simplex);
  }

  #judgeReflected(simplex: Simplex, reflected: Vertex): void {
    const { best, secondWorst, worst } = simplex;
    const centroid = simplex.centroid();
    if (compareRanked(reflected, best) < 0) {
      this.#begin('expand', [beyond(centroid, -this.#expansion, worst.x)], reflected);
    } else if (compareRanked(reflected, secondWorst) < 0) this.#accept(simplex, reflected);
    else if (compareRanked(reflected, worst) < 0)
      this.#begin('contract-outside', [beyond(centroid, this.#contraction, reflected.x)], reflected);
    else this.#begin('contract-inside', [beyond(centroid, this.#contraction, worst.x)], reflected);
  }

  #accept(simplex: Simplex, vertex: Vertex): void {
    simplex.replaceWorst(vertex);
    this.#iterate(simplex);
  }

  #shrink({ best, vertices }: Simplex): void {
    this.#begin(
      'shrink',
      vertices.slice(1).map(({ x }) => beyond(best.x, this.#shrinkage, x)),
    );
  }

  /** Begins an iteration, unless there is a reason to stop or to start afresh. */
  #iterate(simplex: Simplex): void {
    const { maxRestarts, initialSize } = this.#options;
    const size = simplex.size();
    const reason = this.#convergence(simplex, size);
    const hasImproved = this.#hasImproved(simplex.best);
    if (reason && !(hasImproved && this.#state.restarts < maxRestarts)) this.#state.stopReason = reason;
    else if (reason) {
      this.#state.restarts++;
      this.#restart(simplex.best, initialSize * power(0.1, this.#state.restarts));
    } else this.#begin('reflect', [beyond(simplex.centroid(), -1, simplex.worst.x)]);
  }

  #convergence({ best, worst }: Simplex, size: number): StopReason | undefined {
    const { tolX, tolFun } = this.#options;
    const range = worst.fx - best.fx;
    const haveAllFailed = Number.isNaN(best.fx);
    const isNarrow = haveAllFailed || (range < tolFun && worst.violation === 0);
    this.#state.narrowIterations = isNarrow ? this.#state.narrowIterations + 1 : 0;
    if (size < tolX)
      return { kind: 'simplex-size', detail: `size of the simplex ${figure(size)} < tolX ${tolX}` };
    if (this.#state.narrowIterations < NARROW_ITERATIONS) return undefined;
    if (haveAllFailed) return { kind: 'only-failures', detail: 'every evaluation so far failed' };
    return { kind: 'value-range', detail: `range of values ${figure(range)} < tolFun ${tolFun}` };
  }

  #hasImproved(best: Required<Ranked>): boolean {
    const reference = this.#state.reference!;
    if (compareRanked(best, reference) >= 0) return false;
    // From NaN or a violation to less of it is progress whatever the values are.
    const isByLittle = reference.fx - best.fx <= this.#options.tolFun;
    return !(isByLittle && reference.violation === best.violation);
  }

  #restart(best: Vertex, size: number): void {
    this.#state.reference = rankOf(best);
    this.#state.narrowIterations = 0;
    this.#begin('simplex', this.#around(best.x, size));
  }

  #begin(phase: Phase, trials: readonly Float64Array[], reflected?: Vertex): void {
    this.#state.phase = phase;
    this.#state.trials = trials;
    this.#state.reflected = reflected;
    this.#state.batch.start(this.#ledger.next, trials.length);
  }

  /** One point a coordinate, a step away from `x`; a step between integers is a whole one. */
  #around(x: Float64Array, size: number): readonly Float64Array[] {
    return Array.from(x, (value, i) => {
      const step = this.#steps[i]! > 1 ? Math.max(size, 1 / this.#steps[i]!) : size;
      return x.with(i, toBox(value) < 0.5 ? value + step : value - step);
    });
  }
}

function rankOf({ fx, violation }: Required<Ranked>): Required<Ranked> {
  return { fx, violation };
}

/** from + factor (towards - from) */
function beyond(from: Float64Array, factor: number, towards: Float64Array): Float64Array {
  return from.map((value, i) => value + factor * (towards[i]! - value));
}
