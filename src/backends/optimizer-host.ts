import type { Clock } from '../core/clock.ts';
import { blame } from '../core/blame.ts';
import { CodedError, factsOf } from '../core/errors.ts';
import type { Answer, Candidate, Optimizer, StopReason } from '../optimizers/contract.ts';
import { JournalWriter, refusalOf } from '../optimizers/journal.ts';
import { Refusals } from '../space/refusals.ts';
import type { Space } from '../space/space.ts';
import { BatchSender } from './batch-sender.ts';
import type { Finished } from './batch.ts';
import { CreditPurse } from './credit-purse.ts';
import { EvaluationCache } from './evaluation-cache.ts';
import type { Evaluator, EvaluatorFactory } from './evaluators/contract.ts';
import { IdleMeter } from './idle-time.ts';
import type { ToldValues } from './failure-policy.ts';
import { makeOptimizer, type MadeOptimizer } from './make-optimizer.ts';
import {
  type Control,
  type HostAssignment,
  type HostEnd,
  type HostMessage,
  type Injection,
  type ManagerMessage,
  PROTOCOL_VERSION,
} from './protocol.ts';
import { RoundPace, type Told } from './round-pace.ts';
import { type Savable, Saver } from './saver.ts';

/** How long a host may keep its event loop from messages while it has fast evaluations to do. */
const SLICE_MS = 5;

/** What a host is given by whatever it runs in. */
export interface HostWorld {
  readonly clock: Clock;
  readonly createEvaluator: EvaluatorFactory;
  send(message: HostMessage): void;
  /** Called once, when all that it did is in the log and nothing of it runs: the place to end the thread or process. */
  close(): void;
}

/**
 * Level 1: runs one optimizer. Credits and values in, batches of evaluations out, whatever the transport.
 *
 * Its life: `assign` -> ready -> (ask, evaluate, tell) while there are credits -> end (converged, told to finish, or broken) ->
 * last batch acknowledged -> `close`.
 */
export class OptimizerHost {
  readonly #world: HostWorld;
  readonly #purse = new CreditPurse();
  readonly #journal = new JournalWriter();
  readonly #sender: BatchSender;
  readonly #idle: IdleMeter;
  readonly #saver: Saver;
  readonly #cache: EvaluationCache;
  /** In a reproducible run. */
  #rounds: RoundPace | undefined;
  #workers = 1;
  #version = 0;
  #space!: Space;
  #refusals!: Refusals;
  #optimizer!: Optimizer;
  #evaluator!: Evaluator;
  #told!: ToldValues;
  #phase: 'new' | 'loading' | 'running' | 'finishing' | 'ended' = 'new';
  #finish: Control['finish'] = 'no';
  /** Asked for, and not started yet. */
  #queue: Candidate[] = [];
  readonly #running = new Map<number, Candidate>();
  /** Finished, and not told yet. */
  #finished: Finished[] = [];
  #injections: Injection[] = [];
  #lastInjected = 0;
  #isPumping = false;
  #isScheduled = false;

  constructor(world: HostWorld) {
    this.#world = world;
    this.#idle = new IdleMeter(world.clock);
    this.#cache = new EvaluationCache(world.clock);
    this.#saver = new Saver(this.#idle, this.#savable());
    this.#sender = new BatchSender(world, this.#journal, this.#purse, this.#idle, this.#saver);
    world.send({ type: 'hello', protocol: PROTOCOL_VERSION });
  }

  receive(message: ManagerMessage): void {
    switch (message.type) {
      case 'assign':
        if (this.#phase === 'new') void this.#load(message.protocol, message.assignment);
        // Told again: the answer may have been lost.
        else if (this.#phase === 'running') this.#sendReady();
        break;
      case 'control':
        this.#control(message);
        break;
      case 'inject':
        this.#show(message);
        break;
      case 'known':
        this.#cache.receive(message.rows);
        break;
    }
  }

  #show(injection: Injection): void {
    if (injection.callId <= this.#lastInjected) return;
    this.#lastInjected = injection.callId;
    this.#injections.push(injection);
  }

  /** Stops without another word: its thread or place in the manager is being taken away. */
  abandon(): void {
    const wasRunning = this.#phase === 'running' || this.#phase === 'finishing';
    this.#phase = 'ended';
    this.#sender.abandon();
    if (wasRunning) this.#evaluator.cancel();
  }

  async #load(protocol: number, assignment: HostAssignment): Promise<void> {
    this.#phase = 'loading';
    try {
      const made = await makeOptimizer(protocol, assignment);
      this.#space = made.space;
      this.#refusals = new Refusals(made.space);
      this.#sender.size = made.space.size;
      this.#told = made.told;
      this.#optimizer = made.optimizer;
      this.#version = made.version;
      this.#workers = assignment.evaluator.workers;
      // Some may have come meanwhile, and some of these may have come to the host before this one already.
      this.#injections = this.#injections.filter(({ callId }) => callId > made.lastInjected);
      this.#lastInjected = Math.max(this.#lastInjected, made.lastInjected);
      if (assignment.pace === 'rounds') this.#rounds = new RoundPace();
      const untold = new Set(made.untold.map(({ candidate }) => candidate.id));
      this.#cache.open(made.space, assignment, made.streak, untold, made.optimizer.reevaluates ?? false);
      this.#evaluator = await this.#world.createEvaluator({
        spec: assignment.evaluator,
        task: assignment.task,
        parameters: assignment.parameters,
        seed: assignment.seed,
        optimizerId: assignment.optimizerId,
        wantsGradient: made.optimizer.uses?.includes('gradient') ?? false,
        worker: assignment.worker,
        custody: assignment.custody,
        workRoot: assignment.workRoot,
        clock: this.#world.clock,
        onFinished: (finished) => {
          this.#finished.push(...finished);
          this.#schedule();
        },
      });
      if (this.#isOver()) return;
      this.#phase = 'running';
      this.#resume(made);
      this.#sendReady();
      this.#schedule();
    } catch (thrown) {
      this.#end({ kind: 'failed', error: factsOf(thrown) });
    }
  }

  /** Goes on with what was asked for, and perhaps evaluated, when the host before this one was gone. */
  #resume({ open, untold }: MadeOptimizer): void {
    this.#enqueue(open);
    if (this.#cache.stopReason) this.#queue = [];
    if (untold.length === 0) return;
    for (const { candidate } of untold) this.#running.set(candidate.id, candidate);
    const outcomes = untold.map(({ candidate: { id }, ...rest }) => ({ candidateId: id, ...rest }));
    if (this.#rounds) this.#rounds.keep(outcomes);
    else this.#tell(outcomes);
  }

  /** It may have been abandoned while the task was loading. */
  #isOver(): boolean {
    return this.#phase === 'ended';
  }

  #sendReady(): void {
    this.#world.send({ type: 'ready', batchSize: this.#optimizer.batchSize, version: this.#version });
  }

  #control(control: Control): void {
    this.#purse.grant(control.granted);
    this.#purse.revoke(control.revocation);
    this.#sender.acknowledge(control.acknowledged);
    this.#saver.ask(control.save);
    if (control.round && this.#rounds?.begin(control.round)) {
      this.#cache.beginRound(control.round.known);
      control.round.injections.forEach((one) => this.#show(one));
    }
    if (control.finish !== 'no' && this.#finish !== 'cancel') this.#finish = control.finish;
    this.#pump();
  }

  /** Goes on as soon as messages had their turn. */
  #schedule(): void {
    if (this.#isScheduled || this.#isPumping) return;
    this.#isScheduled = true;
    this.#world.clock.soon(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  /** Tells what finished and starts what may start, for one slice of time. */
  #pump(): void {
    if (this.#isPumping || this.#phase === 'new' || this.#phase === 'loading' || this.#phase === 'ended')
      return;
    this.#isPumping = true;
    let hasMore = false;
    try {
      this.#beginToFinish();
      const sliceEnd = this.#world.clock.elapsed() + SLICE_MS;
      do {
        this.#takeIn();
        hasMore = this.#phase === 'running' && this.#startSome();
      } while (hasMore && this.#world.clock.elapsed() < sliceEnd);
      this.#takeIn();
      this.#endIfDone();
    } catch (thrown) {
      this.#evaluator.cancel();
      this.#sender.add(this.#finished.splice(0));
      this.#end({ kind: 'failed', error: factsOf(thrown) });
    } finally {
      this.#isPumping = false;
    }
    const isShort = this.#phase === 'running' && this.#purse.available < 1;
    this.#idle.waitForCredits(isShort ? this.#idleWorkers : 0);
    if (hasMore) this.#schedule();
    this.#sender.flush();
  }

  get #idleWorkers(): number {
    return Math.max(0, this.#workers - this.#running.size);
  }

  /** Lets the optimizer do its maths, while some of its workers may have nothing to do. */
  #compute<Result>(method: string, call: () => Result): Result {
    return this.#idle.during(this.#idleWorkers, () => blame('optimizer', this.#optimizer.type, method, call));
  }

  #beginToFinish(): void {
    if (this.#finish === 'no') return;
    this.#phase = 'finishing';
    this.#purse.returnAll();
    if (this.#finish === 'cancel') this.#evaluator.cancel();
  }

  /** Passes on, in the order in which they came, the values that finished and the points that others found. */
  #takeIn(): void {
    if (this.#finished.length > 0) {
      const finished = this.#finished;
      this.#finished = [];
      this.#sender.add(finished);
      if (this.#rounds) this.#rounds.keep(finished);
      else this.#tell(finished);
    }
    if (this.#rounds && this.#rounds.waiting > 0) this.#takeInRound(this.#rounds);
    for (const { callId, x, fx } of this.#injections.splice(0)) {
      if (this.#phase !== 'running' || !this.#optimizer.inject) continue;
      this.#journal.inject(callId);
      blame('optimizer', this.#optimizer.type, 'inject', () =>
        this.#optimizer.inject?.(this.#space.toUnit(x), fx),
      );
    }
  }

  /** In rounds the optimizer is told when all that it asked for is there. One that is asked to finish before that is not told: should it go on, it is told then. */
  #takeInRound(rounds: RoundPace): void {
    if (this.#phase === 'finishing')
      for (const { candidateId } of rounds.take()) this.#running.delete(candidateId);
    else if (rounds.waiting === this.#running.size && this.#queue.length === 0) this.#tell(rounds.take());
  }

  #tell(finished: readonly Told[]): void {
    const answers: Answer[] = [];
    for (const { candidateId, outcome, attempts } of finished) {
      const candidate = this.#running.get(candidateId);
      if (!candidate)
        throw new CodedError('internal', `candidate ${candidateId} finished twice or never ran`);
      this.#running.delete(candidateId);
      this.#cache.told(candidate, outcome, attempts);
      // A cancelled candidate has no value, and its optimizer no future.
      if (outcome.status !== 'cancelled') answers.push(this.#told.answer(candidate, outcome));
    }
    if (answers.length === 0) return;
    this.#journal.tell(answers);
    this.#compute('tell', () => {
      this.#optimizer.tell(answers);
    });
  }

  /** @returns whether anything was started or refused */
  #startSome(): boolean {
    const { room } = this.#evaluator;
    const credits = this.#purse.available;
    if (room < 1 || credits < 1 || this.#stopReason) return false;
    const refused = this.#queue.length === 0 ? this.#askFor(credits, room) : 0;
    const { taken, jobs, known, credits: used } = this.#cache.dispatch(this.#queue, room, credits);
    for (const candidate of this.#queue.splice(0, taken)) this.#running.set(candidate.id, candidate);
    // Nothing more is to be evaluated.
    if (this.#cache.stopReason) this.#queue = [];
    this.#purse.use(used);
    this.#rounds?.start(used);
    this.#finished.push(...known);
    if (jobs.length > 0) this.#evaluator.submit(jobs);
    return taken > 0 || refused > 0;
  }

  /** Why nothing more is started. */
  get #stopReason(): StopReason | undefined {
    return this.#optimizer.stopReason ?? this.#cache.stopReason;
  }

  /** Asks for points, and tells at once of those that may not be evaluated. @returns how many these are */
  #askFor(credits: number, room: number): number {
    const rounds = this.#rounds;
    if (rounds && this.#running.size > 0) return 0;
    const limit = rounds ? rounds.left : Math.min(credits, Math.max(room, this.#optimizer.batchSize));
    if (limit < 1) return 0;
    return this.#enqueue(this.#ask(limit));
  }

  /** Puts candidates in line for their evaluation, except those that may not be evaluated. @returns how many these are */
  #enqueue(candidates: readonly Candidate[]): number {
    const refused: Answer[] = [];
    for (const candidate of candidates) {
      const violation = this.#refusals.violation(this.#space.toTask(candidate.x));
      if (violation > 0) refused.push(refusalOf(candidate, violation));
      else this.#queue.push(candidate);
    }
    if (refused.length > 0) this.#refuse(refused);
    return refused.length;
  }

  /** Tells at once, without an evaluation: neither a credit nor a row of the log. */
  #refuse(answers: readonly Answer[]): void {
    this.#journal.refuse(answers);
    this.#compute('tell', () => {
      this.#optimizer.tell(answers);
    });
    this.#refusals.check(this.#optimizer.type);
  }

  #ask(limit: number): readonly Candidate[] {
    const asked = this.#slowly(() => this.#compute('ask', () => this.#optimizer.ask(limit)));
    if (asked.length > 0) this.#journal.ask(limit, asked.length);
    else if (this.#running.size === 0 && this.#finished.length === 0 && !this.#optimizer.stopReason)
      throw new CodedError(
        'optimizer-stuck',
        `${this.#optimizer.type} asked for no point although none of its points is being evaluated`,
      );
    return asked;
  }

  /** Lets no one wait for what has finished, and says beforehand that it will be silent, if choosing points may take long. */
  #slowly<Result>(call: () => Result): Result {
    if (!this.#optimizer.isSlow) return call();
    this.#sender.flushNow();
    this.#world.send({ type: 'computing', isOver: false });
    try {
      return call();
    } finally {
      this.#world.send({ type: 'computing', isOver: true });
    }
  }

  #endIfDone(): void {
    if (this.#running.size > 0 || this.#finished.length > 0) return;
    if (this.#phase === 'finishing') this.#end({ kind: 'finished' });
    else if (this.#stopReason) {
      const reason = this.#stopReason;
      this.#refusals.checkEnd(this.#optimizer.type, reason.kind);
      this.#end({ kind: 'converged', reason });
    }
  }

  #savable(): Savable {
    const isWhole = (): boolean => {
      // Within a round other operations follow, in the same batch of the log.
      if (this.#rounds)
        return this.#phase === 'running' && this.#rounds.left === 0 && this.#running.size === 0;
      // Of candidates that were given up nothing is known any more.
      return this.#phase === 'running' || (this.#phase === 'finishing' && this.#finish === 'drain');
    };
    return {
      get isWhole() {
        return isWhole();
      },
      save: () => ({
        optimizer: this.#optimizer.snapshot(),
        pending: [...this.#running.values(), ...this.#queue].toSorted((a, b) => a.id - b.id),
        worst: this.#told.worst,
        lastInjected: this.#lastInjected,
        streak: this.#cache.streak,
      }),
    };
  }

  #end(end: HostEnd): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#purse.returnAll();
    this.#sender.end(end, () => {
      void this.#close();
    });
  }

  async #close(): Promise<void> {
    try {
      await this.#evaluator?.[Symbol.asyncDispose]();
    } finally {
      this.#world.close();
    }
  }
}
