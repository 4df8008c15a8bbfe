import type { Clock } from '../core/clock.ts';
import type { Candidate, StopReason } from '../optimizers/contract.ts';
import type { Space } from '../space/space.ts';
import type { Outcome } from '../tasks/contract.ts';
import type { Finished } from './batch.ts';
import type { Job } from './evaluators/contract.ts';
import { KnownPoints, type KnownValue } from './known-points.ts';
import type { CacheSetup, HostAssignment, KnownRows } from './protocol.ts';
import { Streak } from './streak.ts';

/** The worker of an evaluation that was none: its value was known. */
const CACHE_WORKER = 'cache';
/** After all calls of any log: a value that is not known to be in it gives way to one that is. */
const NOT_LOGGED = 2 ** 52;

/** A candidate, and where it is. */
export interface Placed {
  readonly candidate: Candidate;
  /** All parameters, in task units. */
  readonly x: Float64Array;
}

/** What becomes of the candidates at the head of a queue. */
export interface Dispatch {
  /** How many there are of both. */
  readonly taken: number;
  /** To be evaluated. */
  readonly jobs: readonly Job[];
  /** Known already. */
  readonly known: readonly Finished[];
  /** How many credits they take. */
  readonly credits: number;
}

/** What a host knows of values that were evaluated before, by its optimizer or any other. Without a setup it knows nothing. */
export class EvaluationCache {
  readonly #clock: Clock;
  #setup: CacheSetup | undefined;
  #space!: Space;
  #points!: KnownPoints;
  #streak = new Streak();
  #isInRounds = false;
  #isOpen = false;
  /** What came and may not be known yet. */
  #later: KnownRows[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param streak as saved with the snapshot that the optimizer went on from
   * @param untold candidates that the optimizer was not told of
   * @param reevaluates whether evaluating again is what the optimizer wants
   */
  open(
    space: Space,
    { cache, pace, past }: HostAssignment,
    streak: readonly number[],
    untold: ReadonlySet<number>,
    reevaluates: boolean,
  ): void {
    this.#space = space;
    this.#isOpen = true;
    this.#setup = reevaluates ? undefined : cache;
    this.#isInRounds = pace === 'rounds';
    this.#streak = new Streak(streak);
    if (!this.#setup) return;
    this.#points = new KnownPoints(space, this.#setup.tolerance);
    this.#learn(this.#setup.known);
    if (past && !past.isSnapshotOnly) this.#remember(past, untold);
    if (!this.#isInRounds) this.#catchUp();
  }

  /** Others evaluated something. In rounds that becomes known when the next one begins, so that it does not depend on when it came. */
  receive(rows: KnownRows): void {
    this.#later.push(rows);
    if (this.#isOpen && !this.#isInRounds) this.#catchUp();
  }

  /** @param rows what was evaluated in the rounds before, and is not known here yet */
  beginRound(rows: KnownRows | undefined): void {
    if (rows) this.#later.push(rows);
    this.#catchUp();
  }

  /** The optimizer is told of an evaluation. */
  told(candidate: Candidate, outcome: Outcome, attempts: number): void {
    // What was known came from nearby, perhaps: it is no value of this point.
    if (!this.#setup || outcome.status !== 'ok' || attempts === 0) return;
    this.#points.add(this.#space.toTask(candidate.x), valueOf(outcome), NOT_LOGGED + candidate.id);
  }

  get isOn(): boolean {
    return this.#setup !== undefined;
  }

  /** Set when the optimizer has asked for too many points in a row that were known. */
  get stopReason(): StopReason | undefined {
    if (!this.#setup || this.#streak.length < this.#setup.maxHitsInARow) return undefined;
    return { kind: 'repeats', detail: `its last ${this.#streak.length} points were known already` };
  }

  /** What goes into a snapshot of the optimizer. */
  get streak(): readonly number[] {
    return this.#streak.save();
  }

  /** Takes candidates from the head of a queue, up to the first that cannot be started now. */
  dispatch(queue: readonly Placed[], room: number, credits: number): Dispatch {
    const jobs: Job[] = [];
    const known: Finished[] = [];
    let used = 0;
    for (const { candidate, x } of queue) {
      if (used === credits || this.stopReason) break;
      const { id } = candidate;
      const value = this.#setup && this.#points.find(x);
      if (value) {
        known.push(this.#finish(id, x, value));
        this.#streak.wasKnown(id);
        if (this.#setup?.charge) used++;
        continue;
      }
      if (jobs.length === room) break;
      jobs.push({ candidateId: id, x });
      this.#streak.evaluated(id);
      used++;
    }
    return { taken: jobs.length + known.length, jobs, known, credits: used };
  }

  #finish(candidateId: number, x: Float64Array, { fx, violation, extras }: KnownValue): Finished {
    return {
      candidateId,
      x,
      outcome: { status: 'ok', fx, ...(violation > 0 ? { violation } : {}), ...(extras ? { extras } : {}) },
      startedAt: this.#clock.now(),
      durationMs: 0,
      attempts: 0,
      worker: CACHE_WORKER,
      isFree: !this.#setup!.charge,
    };
  }

  #catchUp(): void {
    const rows = this.#later;
    this.#later = [];
    if (this.#setup) for (const one of rows) this.#learn(one);
  }

  #learn({ callIds, x, fx, violations, extras }: KnownRows): void {
    const { size } = this.#space;
    for (const [row, callId] of callIds.entries()) {
      const value = { fx: fx[row]!, violation: violations[row]!, extras: extras.get(row) };
      this.#points.add(x.slice(row * size, (row + 1) * size), value, callId);
    }
  }

  /** What the optimizer did in a host that is gone. */
  #remember(past: NonNullable<HostAssignment['past']>, untold: ReadonlySet<number>): void {
    const { size } = this.#space;
    for (const [row, id] of past.candidateIds.entries()) {
      if (past.attempts[row] === 0) this.#streak.wasKnown(id);
      else this.#streak.evaluated(id);
      if (past.statuses[row] !== 'ok' || past.attempts[row] === 0 || untold.has(id)) continue;
      const value = { fx: past.fx[row]!, violation: past.violations[row]!, extras: past.extras.get(row) };
      this.#points.add(past.x.slice(row * size, (row + 1) * size), value, NOT_LOGGED + id);
    }
  }
}

function valueOf({ fx, violation = 0, extras }: Outcome): KnownValue {
  return { fx, violation, extras };
}
