import { RandomStream } from '../core/random.ts';
import type { Ranked } from '../core/ranking.ts';
import type { Answer, Candidate, Optimizer, OptimizerSnapshot, StopReason } from './contract.ts';
import { cutoffBy } from './cutoff.ts';
import type { Evaluated } from './evaluated.ts';
import { finite, SnapshotReader, SnapshotWriter } from './snapshot.ts';
import { Trials } from './trials.ts';

/** What an algorithm is told of a point of a stage. */
export type StageAnswer = Required<Ranked> & Vectors;

/** What an answer may have besides its value. */
type Vectors = Pick<Answer, 'gradient' | 'residuals'>;

/**
 * An algorithm that goes from stage to stage: it names some points, waits until all of them have their answers, and then names others.
 * Ids, late answers and what a snapshot needs of them are `Staged`'s.
 */
export interface StagedAlgorithm {
  /** Those of the stage that it is at, the same bits at each call; none once there is a reason to stop. */
  points(): readonly Float64Array[];
  /** Goes on to the next stage. @param answers one a point, in their order */
  advance(answers: readonly (StageAnswer & Evaluated)[]): void;
  readonly stopReason: StopReason | undefined;
  inject?(x: Float64Array, fx: number): void;
  /** What a point of the stage only matters against, see `cutoffBy`. */
  rival?(place: number): Ranked | undefined;
  save(writer: SnapshotWriter): void;
}

export interface StagedSetup<Algorithm extends StagedAlgorithm> {
  readonly type: string;
  readonly version: number;
  readonly dimension: number;
  /** Without it, as many points as there are in a stage. */
  readonly batchSize?: number;
  readonly uses?: Optimizer['uses'];
  /** The algorithm's own stream; its state is part of the snapshot. */
  readonly random: RandomStream;
  create(random: RandomStream): Algorithm;
  /** An algorithm as `save` has written it. */
  load(reader: SnapshotReader, random: RandomStream): Algorithm;
}

const VECTORS = ['gradient', 'residuals'] as const;
/** More residuals than any log holds. */
const LONGEST = 1e8;

/** Makes an optimizer of an algorithm that goes in stages. */
export class Staged<Algorithm extends StagedAlgorithm> implements Optimizer {
  readonly type: string;
  readonly dimension: number;
  readonly uses?: NonNullable<Optimizer['uses']>;
  readonly inject?: (x: Float64Array, fx: number) => void;
  readonly cutoff?: (candidate: Candidate) => number;
  readonly #setup: StagedSetup<Algorithm>;
  #random: RandomStream;
  #algorithm: Algorithm;
  #trials: Trials;
  /** What answers of this stage have besides their values, by place. */
  #vectors = new Map<number, Vectors>();

  constructor(setup: StagedSetup<Algorithm>) {
    this.#setup = setup;
    this.type = setup.type;
    this.dimension = setup.dimension;
    if (setup.uses) this.uses = setup.uses;
    this.#random = setup.random;
    this.#algorithm = setup.create(this.#random);
    if (this.#algorithm.inject) this.inject = (x, fx) => this.#algorithm.inject!(x, fx);
    if (this.#algorithm.rival)
      this.cutoff = (candidate) => cutoffBy(this.#algorithm.rival!(this.#trials.placeOf(candidate)));
    this.#trials = new Trials(setup.type);
    this.#trials.begin(this.#algorithm.points());
  }

  get batchSize(): number {
    return this.#setup.batchSize ?? Math.max(1, this.#trials.size);
  }

  get stopReason(): StopReason | undefined {
    return this.#algorithm.stopReason;
  }

  ask(limit: number): readonly Candidate[] {
    return this.#trials.ask(limit);
  }

  tell(answers: readonly Answer[]): void {
    const isComplete = this.#trials.tell(answers);
    for (const answer of answers) {
      const { gradient, residuals } = answer;
      if (gradient || residuals)
        this.#vectors.set(this.#trials.placeOf(answer), {
          ...(gradient ? { gradient } : {}),
          ...(residuals ? { residuals } : {}),
        });
    }
    if (!isComplete) return;
    this.#algorithm.advance(
      this.#trials.evaluated().map((evaluated, place) => ({ ...evaluated, ...this.#vectors.get(place) })),
    );
    this.#vectors = new Map();
    this.#trials.begin(this.#algorithm.points());
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('random', this.#random.state);
    this.#algorithm.save(writer);
    this.#trials.save(writer);
    for (const name of VECTORS) this.#saveVectors(writer, name);
    return writer.finish(this.type, this.#setup.version);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, this.type, this.#setup.version);
    reader.integer('dimension', this.dimension, this.dimension);
    const random = new RandomStream(reader.words('random'));
    const algorithm = this.#setup.load(reader, random);
    const points = algorithm.points();
    const trials = Trials.load(this.type, reader, points);
    const vectors = new Map<number, Vectors>();
    for (const name of VECTORS) loadVectors(reader, name, points.length, vectors);
    reader.end();
    if (trials.isComplete && points.length > 0) throw reader.invalid('has a stage that was not finished');
    this.#random = random;
    this.#algorithm = algorithm;
    this.#trials = trials;
    this.#vectors = vectors;
  }

  #saveVectors(writer: SnapshotWriter, name: (typeof VECTORS)[number]): void {
    const places = [...this.#vectors.keys()]
      .filter((place) => this.#vectors.get(place)![name])
      .toSorted((a, b) => a - b);
    writer.put(`${name}Of`, places);
    const vectors = places.map((place) => this.#vectors.get(place)![name]!);
    writer.put(`${name}Length`, vectors[0]?.length ?? 0);
    for (const vector of vectors) writer.numbers(vector);
  }
}

function loadVectors(
  reader: SnapshotReader,
  name: (typeof VECTORS)[number],
  size: number,
  vectors: Map<number, Vectors>,
): void {
  const places = reader.ascending(`${name}Of`, 0, size - 1);
  const length = reader.integer(`${name}Length`, 0, LONGEST);
  for (const place of places)
    vectors.set(place, { ...vectors.get(place), [name]: reader.numbers(name, length, finite) });
}
