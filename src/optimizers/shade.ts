import { compareRanked } from '../core/ranking.ts';
import { RandomStream } from '../core/random.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { Convergence } from './convergence.ts';
import { Memory, type Control, type Success } from './shade/memory.ts';
import { resolveShade, shadeSchema, type ResolvedShadeOptions, type ShadeOptions } from './shade/options.ts';
import { vary } from './shade/variation.ts';
import { inUnitBox, SnapshotReader, SnapshotWriter } from './snapshot.ts';
import { type Evaluated, evaluatedFrom, loadEvaluated, saveEvaluated, Trials } from './trials.ts';

export type { ShadeOptions } from './shade/options.ts';

const TYPE = 'shade';
const VERSION = 2;

const LEAST_POPULATION = 4;

export const shade: OptimizerComponent<ShadeOptions> = {
  name: TYPE,
  summary:
    'differential evolution that learns its own settings: for many local minima, kinks and plateaus, with evaluations to spend',
  options: shadeSchema,
  create: (options, context) => new Shade(options, context),
};

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
class Shade implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly #options: ResolvedShadeOptions;
  #random: RandomStream;
  #trials = new Trials(TYPE);
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

  constructor(options: ShadeOptions, { dimension, start, random }: OptimizerContext) {
    this.dimension = dimension;
    this.#options = resolveShade(options, dimension);
    this.#random = random;
    this.#memory = new Memory(this.#options.memorySize);
    this.#convergence = new Convergence(this.#options);
    this.#trials.begin([start.slice(), ...this.#anywhere(this.#options.populationSize - 1)]);
  }

  get batchSize(): number {
    return this.#trials.size;
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  ask(limit: number): readonly Candidate[] {
    return this.#trials.ask(limit);
  }

  tell(answers: readonly Answer[]): void {
    if (!this.#trials.tell(answers)) return;
    const evaluated = this.#trials.evaluated();
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
    this.#trials.begin(
      this.#controls.map((control, i) =>
        vary(this.#population, order, this.#archive, i, control, this.#random),
      ),
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
    this.#trials.begin(this.#anywhere(this.#options.populationSize));
  }

  /** Places from the best to the worst; of equals the first one first. */
  #order(): readonly number[] {
    const members = this.#population;
    return members.map((_, i) => i).toSorted((a, b) => compareRanked(members[a]!, members[b]!));
  }

  /** Uniform in the box. */
  #anywhere(count: number): Float64Array[] {
    return Array.from({ length: count }, () =>
      Float64Array.from({ length: this.dimension }, () => this.#random.uniform()),
    );
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('populationSize', this.#options.populationSize);
    writer.put('random', this.#random.state);
    writer.put('evaluations', this.#evaluations);
    writer.put('restarts', this.#restarts);
    writer.stop(this.#stopReason);
    this.#trials.save(writer);
    writer.put('isFirst', Number(this.#controls.length === 0));
    writer.numbers(this.#controls.map(({ crossover }) => crossover));
    writer.numbers(this.#controls.map(({ scale }) => scale));
    saveEvaluated(writer, 'population', this.#population);
    writer.put('archive', this.#archive.length);
    for (const x of this.#archive) writer.numbers(x);
    this.#memory.save(writer);
    this.#convergence.save(writer);
    saveEvaluated(writer, 'injected', this.#injected ? [this.#injected] : []);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const { populationSize, archiveRate, restarts: mostRestarts, memorySize } = this.#options;
    const n = this.dimension;
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', n, n);
    reader.integer('populationSize', populationSize, populationSize);
    const random = new RandomStream(reader.words('random'));
    const evaluations = reader.integer('evaluations', 0, Number.MAX_SAFE_INTEGER);
    const restarts = reader.integer('restarts', 0, mostRestarts);
    const stopReason = reader.stop();
    const trials = Trials.load(TYPE, reader, n, LEAST_POPULATION, populationSize);
    const isFirst = reader.integer('isFirst', 0, 1) === 1;
    const count = isFirst ? 0 : trials.size;
    const crossovers = reader.numbers('crossover rates', count, inUnitBox);
    const scales = reader.numbers('scale factors', count, (value) => value > 0 && value <= 1);
    const population = loadEvaluated(reader, 'population', populationSize, n);
    // The whole of a generation's parents may be added before the archive is cut.
    const most = Math.round(archiveRate * populationSize) + populationSize;
    const archived = reader.integer('archive', 0, most);
    const archive = Array.from({ length: archived }, () => reader.numbers('archive', n, inUnitBox));
    const memory = Memory.load(reader, memorySize);
    const convergence = Convergence.load(reader, this.#options);
    const [injected] = loadEvaluated(reader, 'injected', 1, n);
    reader.end();
    const isEmpty = isFirst && !stopReason;
    if (population.length !== (isEmpty ? 0 : trials.size) || trials.isComplete !== Boolean(stopReason))
      throw reader.invalid('has a population that does not fit its trials');

    this.#random = random;
    this.#evaluations = evaluations;
    this.#restarts = restarts;
    this.#stopReason = stopReason;
    this.#trials = trials;
    this.#controls = Array.from(crossovers, (crossover, i) => ({ crossover, scale: scales[i]! }));
    this.#population = population;
    this.#archive = archive;
    this.#memory = memory;
    this.#convergence = convergence;
    this.#injected = injected;
  }
}
