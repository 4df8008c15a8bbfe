import { blame } from '../core/blame.ts';
import { CodedError } from '../core/errors.ts';
import type { Answer, Candidate, StopReason } from '../optimizers/contract.ts';
import { type JournalWriter, refusalOf } from '../optimizers/journal.ts';
import { Refusals } from '../space/refusals.ts';
import type { Space } from '../space/space.ts';
import type { Dispatch, EvaluationCache, Placed } from './evaluation-cache.ts';
import type { Job } from './evaluators/contract.ts';
import type { ToldValues } from './failure-policy.ts';
import type { IdleMeter } from './idle-time.ts';
import type { MadeOptimizer } from './make-optimizer.ts';
import type { PointSource } from './point-source.ts';
import type { Injection } from './protocol.ts';
import type { RoundPace, Told } from './round-pace.ts';
import type { SavedOptimizer } from './saved-optimizer.ts';

/** What a dialogue is about, and who else has a part in it. */
export interface DialogueParts {
  readonly journal: JournalWriter;
  readonly cache: EvaluationCache;
  readonly idle: IdleMeter;
  /** In a reproducible run. */
  readonly rounds: RoundPace | undefined;
  readonly workers: number;
  /** Called before and after choosing points that may take long: nobody hears of the host meanwhile. */
  readonly computing: (isOver: boolean) => void;
}

/** What a host and its optimizer say to each other, word for word in the journal; and the candidates of which the last word is not said. */
export class Dialogue {
  readonly source: PointSource;
  readonly space: Space;
  readonly #parts: DialogueParts;
  readonly #told: ToldValues;
  readonly #refusals: Refusals;
  /** Asked for, and not started yet. */
  #queue: Placed[] = [];
  readonly #running = new Map<number, Candidate>();

  constructor({ source, space, told }: MadeOptimizer, parts: DialogueParts) {
    this.source = source;
    this.space = space;
    this.#told = told;
    this.#refusals = new Refusals(space);
    this.#parts = parts;
  }

  /** How many candidates are started and not told. */
  get running(): number {
    return this.#running.size;
  }

  /** Whether all wait for an optimizer that thinks elsewhere. */
  get isThinking(): boolean {
    return this.#running.size === 0 && this.source.elsewhere?.isThinking === true;
  }

  /** Whether all that was asked for is started. */
  get isQueueEmpty(): boolean {
    return this.#queue.length === 0;
  }

  get idleWorkers(): number {
    return Math.max(0, this.#parts.workers - this.#running.size);
  }

  /** Why nothing more is started. */
  get stopReason(): StopReason | undefined {
    return this.source.stopReason ?? this.#parts.cache.stopReason;
  }

  /** @throws {CodedError} when it has stopped, and never asked for a point that may be evaluated */
  checkEnd({ kind }: StopReason): void {
    this.#refusals.checkEnd(this.source.type, kind);
  }

  /** Everything that is needed to go on from here. */
  save(): Omit<SavedOptimizer, 'lastInjected'> {
    return {
      optimizer: this.source.snapshot(),
      pending: [...this.#running.values(), ...this.#queue.map(({ candidate }) => candidate)].toSorted(
        (a, b) => a.id - b.id,
      ),
      worst: this.#told.worst,
      streak: this.#parts.cache.streak,
    };
  }

  /** Goes on with what was asked for, and perhaps evaluated, when the host before this one was gone. */
  resume({ open, untold }: MadeOptimizer): void {
    this.#enqueue(open);
    if (this.#parts.cache.stopReason) this.#queue = [];
    if (untold.length === 0) return;
    for (const { candidate } of untold) this.#running.set(candidate.id, candidate);
    this.take(untold.map(({ candidate: { id }, ...rest }) => ({ candidateId: id, ...rest })));
  }

  /** Takes values: to be told now, or in rounds when all that belong together are there. */
  take(finished: readonly Told[]): void {
    if (this.#parts.rounds) this.#parts.rounds.keep(finished);
    else this.#tell(finished);
  }

  /** In rounds the optimizer is told when all that it asked for is there. One that is asked to finish before that is not told: should it go on, it is told then. */
  takeRound(isFinishing: boolean): void {
    const { rounds } = this.#parts;
    if (!rounds || rounds.waiting === 0) return;
    if (isFinishing) for (const { candidateId } of rounds.take()) this.#running.delete(candidateId);
    else if (rounds.waiting === this.#running.size && this.isQueueEmpty) this.#tell(rounds.take());
  }

  /** Shows it a point that somebody else found. */
  show({ callId, x, fx }: Injection): void {
    const { source } = this;
    if (!source.inject) return;
    this.#parts.journal.inject(callId);
    blame('optimizer', source.type, 'inject', () => source.inject?.(this.space.toUnit(x), fx));
  }

  #tell(finished: readonly Told[]): void {
    const answers: Answer[] = [];
    for (const { candidateId, outcome, attempts } of finished) {
      const candidate = this.#running.get(candidateId);
      if (!candidate)
        throw new CodedError('internal', `candidate ${candidateId} finished twice or never ran`);
      this.#running.delete(candidateId);
      this.#parts.cache.told(candidate, outcome, attempts);
      // A cancelled candidate has no value, and its optimizer no future.
      if (outcome.status !== 'cancelled') answers.push(this.#told.answer(candidate, outcome));
    }
    if (answers.length === 0) return;
    this.#parts.journal.tell(answers);
    this.#compute('tell', () => {
      this.source.tell(answers);
    });
  }

  /**
   * Asks for points if there are none in line, and tells at once of those that may not be evaluated.
   *
   * @param demand how many the evaluator needs
   * @param isBusy whether values are about to be told
   * @returns how many may not be evaluated
   */
  ask(credits: number, demand: number, isBusy: boolean): number {
    if (!this.isQueueEmpty) return 0;
    const { rounds } = this.#parts;
    if (rounds && this.#running.size > 0) return 0;
    const limit = rounds ? rounds.left : Math.min(credits, Math.max(demand, this.source.batchSize));
    if (limit < 1) return 0;
    const { source } = this;
    const asked = this.#slowly(() => this.#compute('ask', () => source.ask(limit)));
    if (asked.length > 0) this.#parts.journal.ask(limit, asked.length);
    else if (this.#running.size === 0 && !isBusy && !source.stopReason && !source.elsewhere?.isThinking)
      throw new CodedError(
        'optimizer-stuck',
        `${source.type} asked for no point although none of its points is being evaluated`,
      );
    return this.#enqueue(asked);
  }

  /** Takes candidates from the head of the line, as many as may be started. */
  dispatch(room: number, credits: number): Dispatch {
    const { cache, rounds } = this.#parts;
    const dispatch = cache.dispatch(this.#queue, room, credits);
    for (const { candidate } of this.#queue.splice(0, dispatch.taken))
      this.#running.set(candidate.id, candidate);
    // Nothing more is to be evaluated.
    if (cache.stopReason) this.#queue = [];
    rounds?.start(dispatch.credits);
    return { ...dispatch, jobs: this.#withCutoffs(dispatch.jobs) };
  }

  #withCutoffs(jobs: readonly Job[]): readonly Job[] {
    const { source } = this;
    if (!source.cutoff) return jobs;
    return jobs.map((job) => {
      const cutoff = blame('optimizer', source.type, 'cutoff', () =>
        source.cutoff!(this.#running.get(job.candidateId)!),
      );
      return cutoff === Infinity ? job : { ...job, cutoff };
    });
  }

  /** Puts candidates in line for their evaluation, except those that may not be evaluated. @returns how many these are */
  #enqueue(candidates: readonly Candidate[]): number {
    const refused: Answer[] = [];
    for (const candidate of candidates) {
      const x = this.space.toTask(candidate.x);
      const violation = this.#refusals.violation(x);
      if (violation > 0) refused.push(refusalOf(candidate, violation));
      else this.#queue.push({ candidate, x });
    }
    if (refused.length > 0) this.#refuse(refused);
    return refused.length;
  }

  /** Tells at once, without an evaluation: neither a credit nor a row of the log. */
  #refuse(answers: readonly Answer[]): void {
    this.#parts.journal.refuse(answers);
    this.#compute('tell', () => {
      this.source.tell(answers);
    });
    this.#refusals.check(this.source.type);
  }

  /** Lets the optimizer do its maths, while some of its workers may have nothing to do. */
  #compute<Result>(method: string, call: () => Result): Result {
    return this.#parts.idle.during(this.idleWorkers, () =>
      blame('optimizer', this.source.type, method, call),
    );
  }

  /** Says beforehand that the host will be silent, if choosing points may take long. */
  #slowly<Result>(call: () => Result): Result {
    if (!this.source.isSlow) return call();
    this.#parts.computing(false);
    try {
      return call();
    } finally {
      this.#parts.computing(true);
    }
  }
}
