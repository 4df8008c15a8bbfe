import { factsOf } from '../core/errors.ts';
import { JournalWriter } from '../optimizers/journal.ts';
import { BatchSender } from './batch-sender.ts';
import type { Finished } from './batch.ts';
import { CreditPurse } from './credit-purse.ts';
import type { Dialogue } from './dialogue.ts';
import { EvaluationCache } from './evaluation-cache.ts';
import type { Evaluator } from './evaluators/contract.ts';
import type { HostWorld } from './host-world.ts';
import { IdleMeter } from './idle-time.ts';
import { Injections } from './injections.ts';
import { load } from './loading.ts';
import type { PointSource } from './point-source.ts';
import {
  type Control,
  type HostAssignment,
  type HostEnd,
  type ManagerMessage,
  PROTOCOL_VERSION,
} from './protocol.ts';
import type { RoundPace } from './round-pace.ts';
import { type HostPhase, savableOf } from './savable.ts';
import { Saver } from './saver.ts';
import { ThinkingNotice } from './thinking-notice.ts';

/** How long a host may keep its event loop from messages while it has fast evaluations to do. */
const SLICE_MS = 5;

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
  readonly #injections = new Injections();
  readonly #thinking: ThinkingNotice;
  /** In a reproducible run. */
  #rounds: RoundPace | undefined;
  #source: PointSource | undefined;
  #dialogue!: Dialogue;
  #evaluator!: Evaluator;
  /** Of the algorithm. */
  #version = 0;
  #phase: HostPhase = 'new';
  #finish: Control['finish'] = 'no';
  /** Finished, and not told yet. */
  #finished: Finished[] = [];
  #isPumping = false;
  #isScheduled = false;

  constructor(world: HostWorld) {
    this.#world = world;
    this.#idle = new IdleMeter(world.clock);
    this.#cache = new EvaluationCache(world.clock);
    this.#saver = new Saver(
      this.#idle,
      savableOf(() => ({
        phase: this.#phase,
        finish: this.#finish,
        rounds: this.#rounds,
        dialogue: this.#dialogue,
        lastInjected: this.#injections.last,
      })),
    );
    this.#sender = new BatchSender(world, this.#journal, this.#purse, this.#idle, this.#saver, () =>
      this.#isPremature(),
    );
    this.#thinking = new ThinkingNotice(world.clock, this.#idle, this.#computing);
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
        this.#injections.add(message);
        break;
      case 'known':
        this.#cache.receive(message.rows);
        break;
    }
  }

  /** Stops without another word: its thread or place in the manager is being taken away. */
  abandon(): void {
    const wasRunning = this.#phase === 'running' || this.#phase === 'finishing';
    this.#phase = 'ended';
    this.#thinking.end();
    this.#sender.abandon();
    this.#source?.elsewhere?.kill();
    if (wasRunning) this.#evaluator.cancel();
  }

  async #load(protocol: number, assignment: HostAssignment): Promise<void> {
    this.#phase = 'loading';
    try {
      const { made, dialogue, evaluator, rounds } = await load(protocol, assignment, this.#world, {
        journal: this.#journal,
        cache: this.#cache,
        idle: this.#idle,
        computing: this.#computing,
        onSource: (source) => {
          this.#source = source;
          // It may have been abandoned by now.
          if (this.#isOver()) source.elsewhere?.kill();
        },
        onFinished: (finished) => {
          this.#finished.push(...finished);
          this.#schedule();
        },
      });
      this.#evaluator = evaluator;
      if (this.#isOver()) {
        await evaluator[Symbol.asyncDispose]();
        return;
      }
      this.#dialogue = dialogue;
      this.#rounds = rounds;
      this.#sender.open(dialogue.space.size);
      this.#injections.skip(made.lastInjected);
      this.#phase = 'running';
      dialogue.resume(made);
      if (made.source.elsewhere)
        made.source.elsewhere.onNews = () => {
          this.#schedule();
        };
      this.#version = made.version;
      // One that was done when the log ended has no part in another round.
      if (rounds && made.source.elsewhere) this.#endIfDone();
      if (this.#isOver()) return;
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
    const { batchSize } = this.#dialogue.source;
    this.#world.send({ type: 'ready', batchSize, version: this.#version });
  }

  /** Lets no one wait for what has finished, and says that it will be silent, or that it was. */
  readonly #computing = (isOver: boolean): void => {
    if (!isOver) this.#sender.flushNow();
    this.#world.send({ type: 'computing', isOver });
  };

  #control(control: Control): void {
    this.#purse.grant(control.granted);
    this.#purse.revoke(control.revocation);
    this.#sender.acknowledge(control.acknowledged);
    this.#saver.ask(control.save);
    if (control.round && this.#rounds?.begin(control.round)) {
      // What is asked for from here on belongs to another batch of the log.
      this.#source?.elsewhere?.release();
      this.#cache.beginRound(control.round.known);
      control.round.injections.forEach((one) => this.#injections.add(one));
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
      if (this.#isBroken()) return;
      if (!this.#isHeld) hasMore = this.#goOn();
    } catch (thrown) {
      this.#evaluator.cancel();
      this.#log(this.#finished.splice(0));
      this.#end({ kind: 'failed', error: factsOf(thrown) });
    } finally {
      this.#isPumping = false;
    }
    this.#noteIdleness();
    if (hasMore) this.#schedule();
    this.#sender.flush();
  }

  /** @returns whether there is more to do than one slice of time allows */
  #goOn(): boolean {
    let hasMore: boolean;
    const sliceEnd = this.#world.clock.elapsed() + SLICE_MS;
    do {
      this.#takeIn();
      hasMore = this.#phase === 'running' && this.#startSome();
    } while (hasMore && this.#world.clock.elapsed() < sliceEnd);
    this.#takeIn();
    this.#endIfDone();
    return hasMore;
  }

  /** Its optimizer gives its state away: until that is done, nothing is said to it. */
  get #isHeld(): boolean {
    return this.#source?.elsewhere?.isHeld === true;
  }

  /** Whether it depends on time what the manager would be told: in rounds, before an optimizer has said if it has more than one can ask for now. */
  #isPremature(): boolean {
    if (this.#phase !== 'running' || !this.#rounds) return false;
    return this.#dialogue.isThinking && (this.#rounds.left === 0 || this.#purse.available < 1);
  }

  #noteIdleness(): void {
    const { idleWorkers, isThinking } = this.#dialogue;
    const isRunning = this.#phase === 'running';
    this.#idle.waitForCredits(isRunning && this.#purse.available < 1 ? idleWorkers : 0);
    this.#thinking.note(isRunning && isThinking ? idleWorkers : 0);
  }

  /**
   * Whether the process of its optimizer is gone, which the manager is told: another host may go on. What it did wrong is thrown.
   *
   * @throws {CodedError}
   */
  #isBroken(): boolean {
    const fault = this.#phase === 'running' ? this.#source?.elsewhere?.fault : undefined;
    if (!fault) return false;
    if (!fault.isDeath) throw fault.error;
    this.#log(this.#finished.splice(0));
    this.#sender.flushNow();
    this.#phase = 'ended';
    this.#thinking.end();
    this.#evaluator.cancel();
    this.#world.send({ type: 'broken', cause: fault.error.message });
    return true;
  }

  #beginToFinish(): void {
    if (this.#finish === 'no') return;
    this.#phase = 'finishing';
    this.#source?.elsewhere?.release();
    this.#purse.returnAll();
    if (this.#finish === 'cancel') this.#evaluator.cancel();
    // A round comes to its end as a whole.
    else if (!this.#rounds) this.#evaluator.withdraw();
  }

  /** Passes on, in the order in which they came, the values that finished and the points that others found. */
  #takeIn(): void {
    if (this.#finished.length > 0) {
      const finished = this.#finished;
      this.#finished = [];
      this.#log(finished);
      this.#dialogue.take(finished);
    }
    this.#dialogue.takeRound(this.#phase === 'finishing');
    for (const injection of this.#injections.take())
      if (this.#phase === 'running') this.#dialogue.show(injection);
  }

  /** What was begun is in the log, whatever became of it; what was not may be evaluated by others. */
  #log(finished: readonly Finished[]): void {
    const begun = finished.filter(({ isUnbegun }) => isUnbegun !== true);
    this.#purse.unuse(finished.length - begun.length);
    this.#sender.add(begun);
  }

  /** @returns whether anything was started or refused */
  #startSome(): boolean {
    const { demand } = this.#evaluator;
    // With a cache one after the other: the next point may be known by then.
    const room = this.#cache.isOn ? demand : this.#evaluator.room;
    const credits = this.#purse.available;
    if (room < 1 || credits < 1 || this.#dialogue.stopReason) return false;
    const refused = this.#dialogue.ask(credits, demand, this.#finished.length > 0);
    const { taken, jobs, known, credits: used } = this.#dialogue.dispatch(room, credits);
    this.#purse.use(used);
    this.#finished.push(...known);
    if (jobs.length > 0) this.#evaluator.submit(jobs);
    return taken > 0 || refused > 0;
  }

  #endIfDone(): void {
    if (this.#dialogue.running > 0 || this.#finished.length > 0) return;
    const reason = this.#dialogue.stopReason;
    if (this.#phase === 'finishing') this.#end({ kind: 'finished' });
    else if (reason) {
      this.#dialogue.checkEnd(reason);
      this.#end({ kind: 'converged', reason });
    }
  }

  #end(end: HostEnd): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#thinking.end();
    this.#purse.returnAll();
    this.#sender.end(end, () => {
      void this.#close();
    });
  }

  async #close(): Promise<void> {
    try {
      await Promise.all([
        this.#evaluator?.[Symbol.asyncDispose](),
        this.#source?.elsewhere?.[Symbol.asyncDispose](),
      ]);
    } finally {
      this.#world.close();
    }
  }
}
