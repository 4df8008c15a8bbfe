import { AsyncSubject, BehaviorSubject, lastValueFrom, type Observable } from 'rxjs';
import type { RunConfig } from '../config/run-config.ts';
import type { Outcome } from '../control/protocol.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { RunResult } from '../log/figures.ts';
import type { Books } from './books.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Departures } from './departures.ts';
import { conclude, Ending, tellFailure } from './ending.ts';
import type { Conductor, Pace } from './pace.ts';
import type { Recruiting } from './recruiting.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { ManagerWorld } from './world.ts';

export type RunState = 'idle' | 'running' | 'stopping' | 'ended';

/** What of a run has a part in its end. */
interface Parts {
  readonly conductor: Pick<Conductor, 'guard'>;
  readonly departures: Departures;
  readonly recruiting: Recruiting;
  readonly pace: Pick<Pace, 'end' | 'feed'>;
  readonly checkpoints: Checkpoints;
  readonly watch: Stopwatch;
  readonly onEnded: () => void;
}

/** From the beginning of a run, or of a session of it, to its end: stopped, suspended, killed, failed, or by itself. */
export class Lifecycle {
  readonly ending: Ending = new Ending();
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #parts: Parts;
  readonly #state = new BehaviorSubject<RunState>('idle');
  readonly #result = new AsyncSubject<RunResult>();

  constructor(config: RunConfig, world: ManagerWorld, books: Books, parts: Parts) {
    this.#config = config;
    this.#world = world;
    this.#books = books;
    this.#parts = parts;
  }

  get state$(): Observable<RunState> {
    return this.#state.asObservable();
  }

  get isRunning(): boolean {
    return this.#state.value === 'running';
  }

  get hasEnded(): boolean {
    return this.#state.value === 'ended';
  }

  /** @returns whether it had not begun before */
  begin(): boolean {
    if (this.#state.value !== 'idle') return false;
    this.#state.next('running');
    return true;
  }

  /** What came of the run, at its end. */
  result(): Promise<RunResult> {
    return lastValueFrom(this.#result);
  }

  /** Ends the run: nothing more is started, what runs may finish for `endTimeoutSeconds`. */
  stop(reason: string): Outcome {
    if (!this.isRunning && !this.#giveUpReevaluation()) return 'already';
    this.#start(reason);
    const { conductor, pace, recruiting, departures } = this.#parts;
    conductor.guard(() => {
      this.#world.log.atomically(() => {
        const by = this.ending.hasFailed ? 'failure' : this.ending.isOwn ? 'itself' : 'hand';
        this.#books.chronicle.tell({ kind: 'decision', type: 'stop', message: reason, data: { reason, by } });
        pace.end(reason);
        for (const { id, use } of recruiting.giveUpParked())
          departures.close(id, use.name, { status: 'stopped', reason });
      });
      // What stood still in a pause comes to its end.
      pace.feed();
    });
    this.endIfEmpty();
    return 'done';
  }

  /** It has come to its end by itself. */
  finish(reason: string): void {
    this.ending.isOwn = true;
    this.stop(reason);
  }

  /** It had come to its end by itself when the log broke off. What is left of it has all the time it takes. */
  finishAgain(reason: string): void {
    this.ending.isOwn = true;
    this.#start(reason);
    this.ending.deadline = Infinity;
    this.#parts.recruiting.reviveParked(() => true);
    this.endIfEmpty();
  }

  /**
   * Ends this session, and not the run: its optimizers go on when it is resumed. What runs may finish for `endTimeoutSeconds`; what has
   * not by then is evaluated again.
   */
  suspend(reason: string): Outcome {
    if (!this.isRunning) return 'already';
    this.ending.isSuspension = true;
    this.#start(reason);
    this.#parts.conductor.guard(() => {
      this.#books.chronicle.tell({
        kind: 'operational',
        type: 'suspended',
        message: reason,
        data: { reason },
      });
      for (const optimizer of this.#books.roster.all()) {
        optimizer.revoke();
        // In the middle of a round there is none to be had: it goes on from the one before.
        if (optimizer.isWorking && !this.#config.manager.reproducible) optimizer.save();
      }
      this.letGo();
    });
    this.endIfEmpty();
    return 'done';
  }

  /** Ends the hosts of a run that is being suspended as they have nothing more to do. */
  letGo(): void {
    const { roster, credits } = this.#books;
    const isLate = this.#world.clock.elapsed() >= this.ending.deadline;
    for (const optimizer of roster.all()) {
      // It went in the middle of a round.
      if (optimizer.isGone) roster.remove(optimizer.id);
      const isSaving = optimizer.isSaving && !this.#config.manager.reproducible;
      const isBusy = optimizer.isWorking && (credits.outstandingOf(optimizer.id) > 0 || isSaving);
      if (isLate || !isBusy) optimizer.terminate();
    }
  }

  /** Ends the run at once: what runs is lost, what is in the log stays. */
  kill(reason: string): void {
    if (this.ending.isSuspension) this.ending.deadline = 0;
    else this.stop(reason);
    const wish = this.ending.isSuspension ? undefined : ({ status: 'stopped', reason } as const);
    for (const optimizer of this.#books.roster.all()) optimizer.terminate(wish);
  }

  /** The manager itself failed, which ends the run. */
  fail(thrown: unknown): void {
    if (!this.ending.fail(thrown)) return;
    tellFailure(this.#books, thrown);
    // What is still being evaluated could not be kept.
    if (thrown instanceof CodedError && thrown.code === 'log-not-written') this.kill(thrown.message);
    else this.stop(messageOf(thrown));
    this.endIfEmpty();
  }

  /** The end itself, once no optimizer is left. */
  endIfEmpty(): void {
    if (this.#state.value !== 'stopping' || this.#books.roster.size > 0) return;
    const { conductor, recruiting, checkpoints, watch, onEnded } = this.#parts;
    if (this.#mayReevaluate) {
      conductor.guard(() => {
        this.ending.deadline = Infinity;
        recruiting.reevaluate();
      });
      return;
    }
    this.#state.next('ended');
    onEnded();
    conductor.guard(() => {
      if (!this.ending.hasFailed) checkpoints.end(this.ending.isSuspension ? 'job-limit' : 'end');
    });
    const result = conclude(this.#config, this.#world, this.#books, this.ending, watch);
    this.#books.chronicle.complete();
    this.#state.complete();
    if (this.ending.hasFailed) this.#result.error(this.ending.failure);
    else {
      this.#result.next(result);
      this.#result.complete();
    }
  }

  #start(reason: string): void {
    this.ending.reason = reason;
    this.ending.deadline = this.#world.clock.elapsed() + 1000 * this.#config.manager.endTimeoutSeconds;
    this.#state.next('stopping');
  }

  /** A run that is ending may still have that before it. @returns whether there is something to be stopped */
  #giveUpReevaluation(): boolean {
    const { reevaluation } = this.#books;
    if (this.#state.value !== 'stopping' || !reevaluation.isDue) return false;
    reevaluation.giveUp();
    return reevaluation.isUnderWay;
  }

  /** Only a run that came to its own end goes on to that. */
  get #mayReevaluate(): boolean {
    const { isOwn, hasFailed, isSuspension } = this.ending;
    const { reevaluation, record } = this.#books;
    return reevaluation.isDue && isOwn && !hasFailed && !isSuspension && record.incumbent?.violation === 0;
  }
}
