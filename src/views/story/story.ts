import type { JsonObject } from '../../core/json.ts';
import {
  type FollowedEvent,
  type FollowedOptimizer,
  type FollowedRow,
  LogFollower,
  type LogListener,
} from '../../log/follower.ts';
import { ActiveTime } from './active-time.ts';
import { Axis } from './axis.ts';
import { BestList } from './best-list.ts';
import { Cast } from './cast.ts';
import type { Budget } from './budget.ts';
import { readFacts, type RunFacts } from './facts.ts';
import type { BestEntry, Frame, RunCard } from './frame.ts';
import { Growth } from './growth.ts';
import { Load } from './load.ts';
import { INCUMBENT } from './moment.ts';
import { Marks } from './marks.ts';
import { Spending } from './spending.ts';

/** As many evaluations are worth a line of their own. */
const MOST_BEST = 200;

/** What has been told of one run. */
class Chapter {
  readonly time: ActiveTime;
  readonly spending: Spending;
  readonly cast = new Cast();
  readonly calls = new Axis();
  readonly times = new Axis();
  readonly clock = new Growth();
  readonly uncounted = new Growth();
  readonly load = new Load();
  readonly marks = new Marks();
  readonly best = new BestList(MOST_BEST);
  readonly logged = new Map<number, FollowedOptimizer>();
  rows = 0;
  rowsUncounted = 0;
  worthless = 0;

  constructor(startedAt: number) {
    this.time = new ActiveTime(startedAt);
    this.spending = new Spending(startedAt);
  }
}

/**
 * A run as a picture of bounded size, from its log: it grows as the log does, and is the same for a live run and for one that ended, was killed
 * or copied. The page, the report and the film are drawn from it.
 */
export class RunStory implements LogListener {
  readonly #directory: string;
  readonly #follower: LogFollower;
  #chapter: Chapter | undefined;
  #facts: RunFacts | undefined;
  #factsText = '';
  #factsChanged = 0;
  #revision = 1;
  /** The revision before which everything is void. */
  #begun = 0;

  /** @param directory the run directory, or the file of a log */
  constructor(directory: string) {
    this.#directory = directory;
    this.#follower = new LogFollower(directory, this);
  }

  /**
   * Takes in what is new in the log.
   *
   * @param mayGoOn asked now and then; on `false` the rest is left for the next call
   * @throws {CodedError} `log-unusable`; it can be asked again
   */
  look(mayGoOn?: () => boolean): 'same' | 'told' | 'more' {
    this.#revision++;
    const outcome = this.#follower.look(mayGoOn);
    if (outcome === 'told' && this.#chapter)
      this.#chapter.cast.reconcile(this.#chapter.logged.values(), this.#follower.told.calls, this.#revision);
    return outcome;
  }

  /** The last call of the log. */
  get calls(): number {
    return this.#follower.told.of;
  }

  /** What has changed since a revision; everything with 0. `undefined` before there is anything. */
  frame(since = 0): Frame | undefined {
    const [chapter, facts] = [this.#chapter, this.#facts];
    if (!chapter || !facts) return undefined;
    const isWhole = since <= this.#begun;
    const from = isWhole ? 0 : since;
    return {
      revision: this.#revision,
      isWhole,
      read: this.#follower.told,
      run: this.#runCard(chapter, facts),
      ...(this.#factsChanged > from ? { facts: facts.card } : {}),
      optimizers: chapter.cast.since(from, chapter.time),
      calls: chapter.calls.patch(from),
      times: chapter.times.patch(from),
      clock: chapter.clock.patch(from),
      uncounted: chapter.uncounted.patch(from),
      load: chapter.load.patch(from),
      marks: chapter.marks.since(from),
      ...(chapter.best.changed > from ? { best: chapter.best.entries } : {}),
    };
  }

  /** The calls that may have ended within a time of the run, in milliseconds. */
  callsWithin(from: number, to: number): { readonly from: number; readonly to: number } {
    return this.#chapter?.clock.callsWithin(from, to) ?? { from: 0, to: 0 };
  }

  /** The time of the run at a moment since the Unix epoch. */
  timeOf(at: number): number {
    return this.#chapter?.time.of(at) ?? 0;
  }

  restarted(): void {
    this.#chapter = undefined;
    this.#begun = this.#revision - 1;
    this.#factsText = '';
  }

  facts(facts: JsonObject): void {
    this.#facts = readFacts(this.#directory, facts);
    this.#chapter ??= new Chapter(this.#facts.card.startedAt);
    const text = JSON.stringify(this.#facts.card);
    if (text === this.#factsText) return;
    this.#factsText = text;
    this.#factsChanged = this.#revision;
  }

  optimizer(optimizer: FollowedOptimizer): void {
    const { cast, logged } = this.#chapter!;
    cast.add(optimizer, this.#revision);
    logged.set(optimizer.optimizerId, optimizer);
  }

  event(event: FollowedEvent): void {
    const { time, spending, cast, marks, calls } = this.#chapter!;
    if (event.type === 'pause') spending.paused(event.at);
    if (event.type === 'unpause') spending.unpaused(event.at);
    if (event.type === 'resumed') {
      spending.resumed(event.at, time.latest);
      time.resumed(event.at);
    } else time.heard(event.at);
    cast.happened(event, this.#revision);
    marks.add(event, Math.round(time.of(event.at)), calls.width, this.#revision);
  }

  row(row: FollowedRow): void {
    const [call, optimizer, fx, startedAt, durationMs, isCounted] = row;
    const chapter = this.#chapter!;
    const revision = this.#revision;
    const end = startedAt + durationMs;
    chapter.time.heard(end);
    const time = chapter.time.of(end);
    chapter.rows++;
    chapter.cast.evaluated(row, revision);
    chapter.load.add(Math.max(0, time - durationMs), time, revision);
    if (fx === null) chapter.worthless++;
    else {
      chapter.calls.add(optimizer, call, fx, revision);
      chapter.times.add(optimizer, time, fx, revision);
      if (chapter.best.add({ fx, call, optimizer, time: Math.round(time) }, revision)) {
        chapter.calls.add(INCUMBENT, call, fx, revision);
        chapter.times.add(INCUMBENT, time, fx, revision);
      }
    }
    const { width } = chapter.calls;
    chapter.clock.add(call, time, width, revision);
    if (isCounted === 0) chapter.rowsUncounted++;
    // Most runs have none, and pages of theirs nothing to read.
    if (chapter.rowsUncounted > 0) chapter.uncounted.add(call, chapter.rowsUncounted, width, revision);
  }

  #runCard({ cast, best, rows, worthless, time, spending }: Chapter, facts: RunFacts): RunCard {
    const { isPaused, pauseReason, stopReason, uncounted, budget, utilisation, resources, cluster } = facts;
    const state = facts.state();
    // A run that is live goes on while its evaluations take their time.
    const now = state === 'running' ? Math.max(Date.now(), time.latest) : time.latest;
    const evaluations = Math.max(0, rows - uncounted);
    const { calls, of } = this.#follower.told;
    const isGoingOn = state === 'running' && !isPaused && calls === of;
    const bestEntry: BestEntry | null = best.first ?? null;
    return {
      state,
      isPaused: isPaused && state === 'running',
      pauseReason,
      stopReason,
      evaluations,
      worthless,
      budget: budget.evaluations,
      budgetSeconds: budget.overall,
      timeLeft: isGoingOn ? timeLeft(budget, evaluations, spending, now) : null,
      best: bestEntry,
      time: Math.round(time.of(now)),
      heardAt: time.latest,
      utilisation,
      resources,
      cluster,
      counts: cast.counts(),
    };
  }
}

function timeLeft(budget: Budget, evaluations: number, spending: Spending, now: number): number | null {
  const overall = spending.overall(now);
  const left: number[] = [];
  if (budget.evaluations !== null && evaluations > 0)
    left.push((overall / evaluations) * (budget.evaluations - evaluations));
  if (budget.session !== null) left.push(1000 * budget.session - spending.session(now));
  if (budget.overall !== null) left.push(1000 * budget.overall - overall);
  return left.length === 0 ? null : Math.max(0, Math.round(Math.min(...left)));
}
