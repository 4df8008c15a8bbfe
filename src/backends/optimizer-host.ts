import type { Clock } from '../core/clock.ts';
import { blame } from '../core/blame.ts';
import { CodedError, factsOf } from '../core/errors.ts';
import { loadPlugin } from '../core/plugins.ts';
import { RandomStream } from '../core/random.ts';
import type { Answer, Candidate, Optimizer } from '../optimizers/contract.ts';
import { JournalWriter, refusalOf } from '../optimizers/journal.ts';
import { optimizers } from '../optimizers/registry.ts';
import { Refusals } from '../space/refusals.ts';
import { Space } from '../space/space.ts';
import { BatchSender } from './batch-sender.ts';
import type { Finished } from './batch.ts';
import { CreditPurse } from './credit-purse.ts';
import type { Evaluator, EvaluatorFactory, Job } from './evaluators/contract.ts';
import { IdleMeter } from './idle-time.ts';
import { ToldValues } from './failure-policy.ts';
import {
  type Control,
  type HostAssignment,
  type HostEnd,
  type HostMessage,
  type ManagerMessage,
  PROTOCOL_VERSION,
} from './protocol.ts';
import { rebuild } from './rebuild.ts';

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
  #workers = 1;
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
  #injections: Extract<ManagerMessage, { type: 'inject' }>[] = [];
  #lastInjected = 0;
  #isPumping = false;
  #isScheduled = false;

  constructor(world: HostWorld) {
    this.#world = world;
    this.#idle = new IdleMeter(world.clock);
    this.#sender = new BatchSender(world, this.#journal, this.#purse, this.#idle);
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
        if (message.callId <= this.#lastInjected) break;
        this.#lastInjected = message.callId;
        this.#injections.push(message);
        break;
    }
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
      if (protocol !== PROTOCOL_VERSION)
        throw new CodedError(
          'protocol-mismatch',
          `the manager speaks protocol ${protocol}, this host ${PROTOCOL_VERSION}: both must come from the same version of glompo`,
        );
      const { optimizerId, seed, parameters, constraints } = assignment;
      this.#space = new Space(parameters, constraints);
      this.#refusals = new Refusals(this.#space);
      this.#sender.size = this.#space.size;
      this.#told = new ToldValues(assignment.onFailure);
      this.#workers = assignment.evaluator.workers;
      const context = {
        dimension: this.#space.dimension,
        start: assignment.start,
        random: RandomStream.at(seed, 'optimizer', optimizerId),
        steps: this.#space.steps,
      };
      for (const plugin of assignment.plugins) await loadPlugin(plugin, { optimizers });
      const { type, options } = assignment.optimizer;
      // Options were checked against the component's schema when the configuration was read.
      this.#optimizer = blame('optimizer', type, 'create', () =>
        optimizers.get(type).create(options as never, context),
      );
      const { past } = assignment;
      if (past) {
        this.#queue.push(...rebuild(this.#optimizer, past, this.#space, this.#told));
        this.#lastInjected = Math.max(0, ...past.injected.keys());
      }
      this.#evaluator = await this.#world.createEvaluator({
        spec: assignment.evaluator,
        task: assignment.task,
        parameters,
        seed,
        optimizerId,
        worker: assignment.worker,
        custody: assignment.custody,
        clock: this.#world.clock,
        onFinished: (finished) => {
          this.#finished.push(...finished);
          this.#schedule();
        },
      });
      if (this.#isOver()) return;
      this.#phase = 'running';
      this.#sendReady();
      this.#schedule();
    } catch (thrown) {
      this.#end({ kind: 'failed', error: factsOf(thrown) });
    }
  }

  /** It may have been abandoned while the task was loading. */
  #isOver(): boolean {
    return this.#phase === 'ended';
  }

  #sendReady(): void {
    this.#world.send({ type: 'ready', batchSize: this.#optimizer.batchSize });
  }

  #control(control: Control): void {
    this.#purse.grant(control.granted);
    this.#purse.revoke(control.revocation);
    this.#sender.acknowledge(control.acknowledged);
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
    this.#queue = [];
    this.#purse.returnAll();
    if (this.#finish === 'cancel') this.#evaluator.cancel();
  }

  /** Passes on, in the order in which they came, the values that finished and the points that others found. */
  #takeIn(): void {
    if (this.#finished.length > 0) {
      const finished = this.#finished;
      this.#finished = [];
      this.#sender.add(finished);
      const answers: Answer[] = [];
      for (const { candidateId, outcome } of finished) {
        const candidate = this.#running.get(candidateId);
        if (!candidate)
          throw new CodedError('internal', `candidate ${candidateId} finished twice or never ran`);
        this.#running.delete(candidateId);
        // A cancelled candidate has no value, and its optimizer no future.
        if (outcome.status !== 'cancelled') answers.push(this.#told.answer(candidate, outcome));
      }
      if (answers.length > 0) {
        this.#journal.tell(answers);
        this.#compute('tell', () => {
          this.#optimizer.tell(answers);
        });
      }
    }
    for (const { callId, x, fx } of this.#injections.splice(0)) {
      if (this.#phase !== 'running' || !this.#optimizer.inject) continue;
      this.#journal.inject(callId);
      blame('optimizer', this.#optimizer.type, 'inject', () =>
        this.#optimizer.inject?.(this.#space.toUnit(x), fx),
      );
    }
  }

  /** @returns whether anything was started or refused */
  #startSome(): boolean {
    const { room } = this.#evaluator;
    const credits = this.#purse.available;
    if (room < 1 || credits < 1 || this.#optimizer.stopReason) return false;
    if (this.#queue.length === 0) this.#ask(Math.min(credits, Math.max(room, this.#optimizer.batchSize)));
    const refused: Answer[] = [];
    const jobs = this.#takeJobs(Math.min(room, credits), refused);
    if (refused.length > 0) this.#refuse(refused);
    if (jobs.length > 0) {
      this.#purse.use(jobs.length);
      this.#evaluator.submit(jobs);
    }
    return jobs.length > 0 || refused.length > 0;
  }

  /** At most `most` points that may be evaluated; those that come before them and may not go to `refused`. */
  #takeJobs(most: number, refused: Answer[]): readonly Job[] {
    const jobs: Job[] = [];
    let taken = 0;
    for (; taken < this.#queue.length && jobs.length < most; taken++) {
      const candidate = this.#queue[taken]!;
      const x = this.#space.toTask(candidate.x);
      const violation = this.#refusals.violation(x);
      if (violation > 0) refused.push(refusalOf(candidate, violation));
      else {
        this.#running.set(candidate.id, candidate);
        jobs.push({ candidateId: candidate.id, x });
      }
    }
    this.#queue.splice(0, taken);
    return jobs;
  }

  /** Tells at once, without an evaluation: neither a credit nor a row of the log. */
  #refuse(answers: readonly Answer[]): void {
    this.#journal.refuse(answers);
    this.#compute('tell', () => {
      this.#optimizer.tell(answers);
    });
    this.#refusals.check(this.#optimizer.type);
  }

  #ask(limit: number): void {
    const asked = this.#compute('ask', () => this.#optimizer.ask(limit));
    if (asked.length > 0) this.#journal.ask(limit, asked.length);
    else if (this.#running.size === 0 && this.#finished.length === 0 && !this.#optimizer.stopReason)
      throw new CodedError(
        'optimizer-stuck',
        `${this.#optimizer.type} asked for no point although none of its points is being evaluated`,
      );
    this.#queue.push(...asked);
  }

  #endIfDone(): void {
    if (this.#running.size > 0 || this.#finished.length > 0) return;
    if (this.#phase === 'finishing') this.#end({ kind: 'finished' });
    else if (this.#optimizer.stopReason) {
      const { type, stopReason } = this.#optimizer;
      this.#refusals.checkEnd(type, stopReason.kind);
      this.#end({ kind: 'converged', reason: stopReason });
    }
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
