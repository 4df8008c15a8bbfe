import { compareRanked, type Ranked } from '../../core/ranking.ts';
import type { RandomStream } from '../../core/random.ts';
import type { StopReason } from '../contract.ts';
import { Convergence } from '../convergence.ts';
import { inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { StagedAlgorithm } from '../staged.ts';
import {
  anywhere,
  type Evaluated,
  evaluatedFrom,
  loadEvaluated,
  loadPoints,
  saveEvaluated,
  savePoints,
} from '../evaluated.ts';
import { Memory, type Control, type Success } from './memory.ts';
import type { ResolvedShadeOptions } from './options.ts';
import { vary } from './variation.ts';

const LEAST_POPULATION = 4;

/**
 * SHADE: differential evolution with an archive and success-history adaptation; L-SHADE with `maxEvaluations`.
 *
 * Generational: every parent has one trial, and nothing is asked for before all are answered, so the order of answers cannot matter. The
 * first population is the start and uniform draws. An injected point takes the place of the worst member, if it is better, at the end
 * of the generation. An integer needs no care: differences between points of different cells remain as long as there are such points.
 *
 * @see Tanabe, Fukunaga (2013), Success-history based parameter adaptation for differential evolution, CEC 2013, 71-78
 * @see Tanabe, Fukunaga (2014), Improving the search performance of SHADE using linear population size reduction, CEC 2014, 1658-1665
 */
export class Shade implements StagedAlgorithm {
  readonly #dimension: number;
  readonly #options: ResolvedShadeOptions;
  readonly #random: RandomStream;
  #trials: readonly Float64Array[];
  /** How the trials were made; none in the first generation. */
  #controls: readonly Control[] = [];
  #population: Evaluated[] = [];
  #archive: Float64Array[] = [];
  #memory: Memory;
  #convergence: Convergence;
  #injected: Evaluated | undefined;
  /** Since the last restart. */
  #evaluations = 0;
  #restarts = 0;
  #stopReason: StopReason | undefined;

  private constructor(
    options: ResolvedShadeOptions,
    dimension: number,
    random: RandomStream,
    trials: readonly Float64Array[],
  ) {
    this.#dimension = dimension;
    this.#options = options;
    this.#random = random;
    this.#trials = trials;
    this.#memory = new Memory(options.memorySize);
    this.#convergence = new Convergence(options);
  }

  static begin(options: ResolvedShadeOptions, start: Float64Array, random: RandomStream): Shade {
    const others = anywhere(options.populationSize - 1, start.length, random);
    return new Shade(options, start.length, random, [start.slice(), ...others]);
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  points(): readonly Float64Array[] {
    return this.#stopReason ? [] : this.#trials;
  }

  advance(evaluated: readonly Evaluated[]): void {
    this.#evaluations += evaluated.length;
    if (this.#controls.length === 0) this.#population = [...evaluated];
    else this.#select(evaluated);
    this.#takeInjected();
    this.#stopReason = this.#convergence.judge(this.#population) ?? this.#end();
    if (!this.#stopReason) this.#next();
    else if (this.#restarts < this.#options.restarts) this.#restart();
  }

  inject(x: Float64Array, fx: number): void {
    const point = evaluatedFrom(x, fx);
    if (point && (!this.#injected || fx < this.#injected.fx)) this.#injected = point;
  }

  /** A trial that is worse than its parent is forgotten. */
  rival(place: number): Ranked | undefined {
    return this.#controls.length === 0 ? undefined : this.#population[place];
  }

  /** A trial that is no worse takes the place of its parent. */
  #select(trials: readonly Evaluated[]): void {
    const successes: Success[] = [];
    for (const [i, trial] of trials.entries()) {
      const parent = this.#population[i]!;
      const order = compareRanked(trial, parent);
      if (order > 0) continue;
      this.#population[i] = trial;
      if (order === 0) continue;
      this.#archive.push(parent.x);
      const isMeasured = parent.violation === 0 && !Number.isNaN(parent.fx);
      successes.push({ ...this.#controls[i]!, gain: isMeasured ? parent.fx - trial.fx : Infinity });
    }
    this.#memory.learn(successes);
  }

  /** As in the paper: what the last four points find after that is little, and another one starts sooner. */
  #end(): StopReason | undefined {
    const { maxEvaluations } = this.#options;
    if (this.#evaluations < maxEvaluations) return undefined;
    return { kind: 'max-evaluations', detail: `${this.#evaluations} >= maxEvaluations ${maxEvaluations}` };
  }

  #takeInjected(): void {
    const injected = this.#injected;
    this.#injected = undefined;
    const worst = this.#order().at(-1)!;
    if (injected && compareRanked(injected, this.#population[worst]!) < 0) this.#population[worst] = injected;
  }

  #next(): void {
    this.#shrink();
    const order = this.#order();
    this.#controls = this.#population.map(() => this.#memory.draw(this.#random));
    this.#trials = this.#controls.map((control, i) =>
      vary(this.#population, order, this.#archive, i, control, this.#random),
    );
  }

  #shrink(): void {
    const { populationSize, maxEvaluations, archiveRate } = this.#options;
    // N = round(N_init - (N_init - N_min) evaluations / maxEvaluations), Tanabe & Fukunaga (2014), eq. 10
    const used = Math.min(1, this.#evaluations / maxEvaluations);
    const size = Math.round(populationSize - (populationSize - LEAST_POPULATION) * used);
    if (size < this.#population.length) {
      const kept = new Set(this.#order().slice(0, size));
      this.#population = this.#population.filter((_, i) => kept.has(i));
    }
    const room = Math.round(archiveRate * this.#population.length);
    while (this.#archive.length > room) {
      // The last one takes the place of one that is drawn: the order of the archive means nothing.
      const at = this.#random.integer(this.#archive.length);
      const last = this.#archive.pop()!;
      if (at < this.#archive.length) this.#archive[at] = last;
    }
  }

  #restart(): void {
    this.#stopReason = undefined;
    this.#restarts++;
    this.#evaluations = 0;
    this.#population = [];
    this.#archive = [];
    this.#controls = [];
    this.#memory = new Memory(this.#options.memorySize);
    this.#convergence.reset();
    this.#trials = anywhere(this.#options.populationSize, this.#dimension, this.#random);
  }

  /** Places from the best to the worst; of equals the first one first. */
  #order(): readonly number[] {
    const members = this.#population;
    return members.map((_, i) => i).toSorted((a, b) => compareRanked(members[a]!, members[b]!));
  }

  save(writer: SnapshotWriter): void {
    writer.put('populationSize', this.#options.populationSize);
    savePoints(writer, 'trials', this.#trials);
    writer.put('evaluations', this.#evaluations);
    writer.put('restarts', this.#restarts);
    writer.stop(this.#stopReason);
    writer.put('isFirst', Number(this.#controls.length === 0));
    writer.numbers(this.#controls.map(({ crossover }) => crossover));
    writer.numbers(this.#controls.map(({ scale }) => scale));
    saveEvaluated(writer, 'population', this.#population);
    savePoints(writer, 'archive', this.#archive);
    this.#memory.save(writer);
    this.#convergence.save(writer);
    saveEvaluated(writer, 'injected', this.#injected ? [this.#injected] : []);
  }

  static load(reader: SnapshotReader, options: ResolvedShadeOptions, n: number, random: RandomStream): Shade {
    const { populationSize, archiveRate } = options;
    reader.integer('populationSize', populationSize, populationSize);
    const trials = loadPoints(reader, 'trials', n, LEAST_POPULATION, populationSize);
    const saved = new Shade(options, n, random, trials);
    saved.#evaluations = reader.integer('evaluations', 0, Number.MAX_SAFE_INTEGER);
    saved.#restarts = reader.integer('restarts', 0, options.restarts);
    saved.#stopReason = reader.stop();
    const isFirst = reader.integer('isFirst', 0, 1) === 1;
    const count = isFirst ? 0 : trials.length;
    const crossovers = reader.numbers('crossover rates', count, inUnitBox);
    const scales = reader.numbers('scale factors', count, (value) => value > 0 && value <= 1);
    saved.#controls = Array.from(crossovers, (crossover, i) => ({ crossover, scale: scales[i]! }));
    saved.#population = loadEvaluated(reader, 'population', populationSize, n);
    // The whole of a generation's parents may be added before the archive is cut.
    const most = Math.round(archiveRate * populationSize) + populationSize;
    saved.#archive = loadPoints(reader, 'archive', n, 0, most);
    saved.#memory = Memory.load(reader, options.memorySize);
    saved.#convergence = Convergence.load(reader, options);
    [saved.#injected] = loadEvaluated(reader, 'injected', 1, n);
    const isEmpty = isFirst && !saved.#stopReason;
    if (saved.#population.length !== (isEmpty ? 0 : trials.length))
      throw reader.invalid('has a population that does not fit its trials');
    return saved;
  }
}
