import { figure } from '../../conditions/figures.ts';
import { compareRanked } from '../../core/ranking.ts';
import type { RandomStream } from '../../core/random.ts';
import type { StopReason } from '../contract.ts';
import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts';
import type { StagedAlgorithm } from '../staged.ts';
import { anywhere, type Evaluated, evaluatedFrom } from '../evaluated.ts';
import { descentFrom, isDescendable } from './local-search.ts';
import type { ResolvedDualAnnealingOptions } from './options.ts';
import { loadState, saveState, type State } from './state.ts';
import { acceptance, Visiting, wrapped } from './visiting.ts';

/** Temperatures after which a function that shows one value, or none, is taken for what it seems. */
const LEAST_TEMPERATURES = 20;

/** Candidates of a chain for each parameter that bring no better point, before its best one is improved all the same. */
const PATIENT_MOVES = 10;

/**
 * Generalized simulated annealing, whose chains take turns with local searches.
 *
 * At one temperature a chain has 2 n candidates: n change all coordinates, then each coordinate is changed alone. Then the best point
 * is improved by a local search if it is new; else the best point of the chains since the last one is, when 10 n candidates brought nothing new.
 *
 * A chain is sequential by nature. What runs in parallel are the gradients of the local search, and as many independent `chains` at
 * one temperature as are wanted; candidates in advance, on the guess that none is accepted, would waste most evaluations while it is hot.
 * All of a batch is told before the next, so the order of answers cannot matter.
 *
 * An injected point that is better than all before is where the best chain goes on, and the next local search begins.
 *
 * @see Tsallis, Stariolo (1996), Generalized simulated annealing, Physica A 233, 395-406
 * @see Xiang, Sun, Fan, Gong (1997), Generalized simulated annealing algorithm and its application to the Thomson model, Phys. Lett. A 233, 216-220
 */
export class DualAnnealing implements StagedAlgorithm {
  readonly #dimension: number;
  readonly #options: ResolvedDualAnnealingOptions;
  readonly #steps: readonly number[];
  readonly #visiting: Visiting;
  readonly #random: RandomStream;
  readonly #state: State;

  private constructor(
    options: ResolvedDualAnnealingOptions,
    steps: readonly number[],
    random: RandomStream,
    state: State,
  ) {
    this.#dimension = steps.length;
    this.#options = options;
    this.#steps = steps;
    this.#visiting = new Visiting(options.visit);
    this.#random = random;
    this.#state = state;
  }

  static begin(
    options: ResolvedDualAnnealingOptions,
    start: Float64Array,
    steps: readonly number[],
    random: RandomStream,
  ): DualAnnealing {
    return new DualAnnealing(options, steps, random, {
      phase: 'begin',
      points: [start.slice(), ...anywhere(options.chains - 1, steps.length, random)],
      chains: [],
      best: undefined,
      recent: undefined,
      local: undefined,
      time: 1,
      moves: 0,
      hasImproved: false,
      idleMoves: 0,
      idleTemperatures: 0,
      reference: undefined,
      least: Infinity,
      greatest: -Infinity,
      stopReason: undefined,
    });
  }

  get stopReason(): StopReason | undefined {
    return this.#state.stopReason;
  }

  points(): readonly Float64Array[] {
    const { local, points } = this.#state;
    return this.stopReason ? [] : (local?.points() ?? points);
  }

  advance(points: readonly Evaluated[]): void {
    const state = this.#state;
    for (const point of points) this.#note(point);
    if (state.phase === 'descend') {
      const local = state.local!;
      local.advance(points);
      if (local.stopReason) this.#endDescent({ ...local.here, violation: 0 });
      return;
    }
    if (state.phase === 'begin') state.chains = [...points];
    else for (const [chain, point] of points.entries()) this.#judge(chain, point);
    for (const here of state.chains) if (isBetter(here, state.recent)) state.recent = here;
    state.idleMoves = state.hasImproved ? 0 : state.idleMoves + 1;
    if (state.phase === 'visit') state.moves++;
    state.phase = 'visit';
    if (state.moves === 2 * this.#dimension) this.#endTemperature();
    else this.#visit();
  }

  inject(x: Float64Array, fx: number): void {
    const point = evaluatedFrom(x, fx);
    const { chains, best } = this.#state;
    if (!point || !isBetter(point, best) || chains.length === 0) return;
    chains[bestOf(chains)] = point;
    this.#state.best = point;
    this.#state.hasImproved = true;
  }

  #note(point: Evaluated): void {
    const state = this.#state;
    if (isBetter(point, state.best)) {
      state.best = point;
      state.hasImproved = true;
    }
    if (Number.isNaN(point.fx)) return;
    state.least = Math.min(state.least, point.fx);
    state.greatest = Math.max(state.greatest, point.fx);
  }

  get #temperature(): number {
    return this.#visiting.temperature(this.#options.initialTemperature, this.#state.time);
  }

  /** The next candidate of every chain. */
  #visit(): void {
    const { chains, moves } = this.#state;
    const temperature = this.#temperature;
    this.#state.points = chains.map(({ x }) =>
      x.map((place, i) => {
        const isMoved = moves < this.#dimension || i === moves - this.#dimension;
        return isMoved ? wrapped(place + this.#visiting.step(temperature, this.#random)) : place;
      }),
    );
  }

  #judge(chain: number, point: Evaluated): void {
    const { chains, time } = this.#state;
    const here = chains[chain]!;
    // Drawn in any case, so that a value changes no draw but its own.
    const draw = this.#random.uniform();
    const order = compareRanked(point, here);
    const isMeasured = here.violation === 0 && point.violation === 0 && !Number.isNaN(point.fx);
    // T_a = T_v / t
    const temperature = this.#temperature / time;
    const isAccepted =
      order <= 0 || (isMeasured && draw < acceptance(point.fx - here.fx, temperature, this.#options.accept));
    if (isAccepted) chains[chain] = point;
  }

  #endTemperature(): void {
    const state = this.#state;
    const { best, recent, hasImproved, idleMoves } = state;
    state.moves = 0;
    const isStuck = idleMoves >= PATIENT_MOVES * this.#dimension;
    const from = hasImproved ? best : isStuck ? recent : undefined;
    if (this.#options.localSearch && this.#hasReals && isDescendable(from)) {
      state.hasImproved = false;
      state.idleMoves = 0;
      state.phase = 'descend';
      state.local = descentFrom(from, this.#steps, this.#options.tolFun, this.#random);
      return;
    }
    this.#cool();
  }

  /** A descent leaves integers where they are. */
  get #hasReals(): boolean {
    return this.#steps.some((count) => count <= 1);
  }

  /** A better best point is where the best chain goes on; another minimum is not: the chain would be caught in it. */
  #endDescent(found: Evaluated): void {
    const state = this.#state;
    state.phase = 'visit';
    state.local = undefined;
    state.recent = undefined;
    const best = state.best!;
    if (compareRanked(found, best) <= 0) state.chains[bestOf(state.chains)] = found;
    // One that was injected meanwhile is still to be improved; a point of a last difference that is lower by chance is not.
    if (found.fx - best.fx <= this.#options.tolFun) state.hasImproved = false;
    this.#cool();
  }

  #cool(): void {
    const state = this.#state;
    const { initialTemperature, restartTemperatureRatio } = this.#options;
    state.stopReason = this.#stop();
    if (state.stopReason) return;
    state.time++;
    if (this.#temperature >= initialTemperature * restartTemperatureRatio) {
      this.#visit();
      return;
    }
    state.phase = 'begin';
    state.time = 1;
    state.chains = [];
    state.recent = undefined;
    state.points = anywhere(this.#options.chains, this.#dimension, this.#random);
  }

  #stop(): StopReason | undefined {
    const state = this.#state;
    const { patience, tolFun } = this.#options;
    const best = state.best;
    const value = best && best.violation === 0 && !Number.isNaN(best.fx) ? best.fx : undefined;
    const hasImproved =
      value !== undefined && (state.reference === undefined || value < state.reference - tolFun);
    state.idleTemperatures = hasImproved ? 0 : state.idleTemperatures + 1;
    if (hasImproved) state.reference = value;
    const { idleTemperatures, least, greatest } = state;
    if (idleTemperatures >= LEAST_TEMPERATURES && least > greatest)
      return { kind: 'only-failures', detail: 'every evaluation so far failed' };
    if (idleTemperatures >= LEAST_TEMPERATURES && (greatest - least <= tolFun || greatest === least))
      return {
        kind: 'value-range',
        detail: `range of values ${figure(greatest - least)} within tolFun ${tolFun}`,
      };
    if (patience > 0 && idleTemperatures >= patience)
      return { kind: 'no-improvement', detail: `none in ${idleTemperatures} temperatures (patience)` };
    return undefined;
  }

  save(writer: SnapshotWriter): void {
    saveState(writer, this.#state);
  }

  static load(
    reader: SnapshotReader,
    options: ResolvedDualAnnealingOptions,
    steps: readonly number[],
    random: RandomStream,
  ): DualAnnealing {
    return new DualAnnealing(options, steps, random, loadState(reader, options, steps, random));
  }
}

function isBetter(a: Evaluated, b: Evaluated | undefined): boolean {
  return b === undefined || compareRanked(a, b) < 0;
}

/** The place of the best; of equals the first one. */
function bestOf(list: readonly Evaluated[]): number {
  return list.reduce((best, one, i) => (compareRanked(one, list[best]!) < 0 ? i : best), 0);
}
