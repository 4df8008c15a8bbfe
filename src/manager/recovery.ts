import type { Choice } from './spawning.ts';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import { type JsonObject, textOf } from '../core/json.ts';
import type { LoggedEvent, LoggedOptimizer, LoggedRun } from '../log/contract.ts';
import type { Books } from './books.ts';
import type { EndWish } from './live-optimizer.ts';
import { NO_TYPE, restartsByItself } from './spawning.ts';
import type { Stopping } from './stopping.ts';
import { warmStartOf } from './warm-start.ts';

/** An optimizer that is to go on. */
export interface Survivor extends Choice {
  readonly id: number;
  /** A point of the unit box. */
  readonly start: Float64Array;
  /** Of the algorithm, in the log; `null` when it never ran. */
  readonly version: number | null;
  /** How many points it asked for at once when it began to run; `null` when it never ran. */
  readonly batchSize: number | null;
}

/** An optimizer whose end was decided. */
export interface Doomed {
  readonly id: number;
  readonly type: string;
  readonly wish: EndWish;
}

/** How a run stood when its log ended, besides what is in its books. */
export interface Recovered {
  /** By id. */
  readonly survivors: readonly Survivor[];
  /** Those among them that were taken for ended since the run was stopped. */
  readonly revived: readonly number[];
  /** Those whose end was decided and did not come to be. */
  readonly doomed: readonly Doomed[];
  /** Why it was ending, by itself: it has that before it still. */
  readonly endingReason: string | undefined;
  /** What was chosen as the next optimizer, and waits for slots. */
  readonly chosen: Choice | undefined;
  /** For each optimizer, the calls that it was to be shown at the end of the log. */
  readonly injections: ReadonlyMap<number, readonly number[]>;
  readonly isPaused: boolean;
}

/** Goes through a run's log from its beginning, and brings its books to where it ends. */
export class Recovery {
  readonly #config: RunConfig;
  readonly #books: Books;
  readonly #stopping: Stopping;
  readonly #log: LoggedRun;
  readonly #optimizers: ReadonlyMap<number, LoggedOptimizer>;
  readonly #live = new Map<number, Survivor>();
  readonly #wishes = new Map<number, EndWish>();
  readonly #revived = new Set<number>();
  readonly #injections = new Map<number, number[]>();
  /** The call at which these were decided. */
  #injectedAt = 0;
  #chosen: { readonly id: number; readonly choice: Choice } | undefined;

  constructor(config: RunConfig, books: Books, stopping: Stopping, log: LoggedRun) {
    this.#config = config;
    this.#books = books;
    this.#stopping = stopping;
    this.#log = log;
    this.#optimizers = new Map(log.optimizers().map((one) => [one.optimizerId, one]));
  }

  /**
   * @param isChanged whether the run goes on with other conditions: then it may not be at its end any more
   * @throws {CodedError} `log-unusable` when the log contradicts itself
   */
  run(isChanged: boolean): Recovered {
    const { credits, record, reevaluation, roster, predecessor } = this.#books;
    const warmStart = warmStartOf(this.#log.facts());
    if (warmStart) predecessor.begin(warmStart);
    const events = this.#log.events();
    const endingReason = isChanged ? undefined : ownEnd(events);
    const undone = undoneEnds(events, endingReason === undefined);
    const ends = this.#stopping.isObserving ? this.#log.batchEnds()[Symbol.iterator]() : undefined;
    let nextEnd = ends?.next().value as number | undefined;
    let next = 0;
    let calls = 0;
    let counted = 0;
    const applyUpTo = (call: number): void => {
      for (; next < events.length && events[next]!.callId <= call; next++)
        this.#apply(events[next]!, undone.has(events[next]!));
    };
    for (const evaluation of this.#log.evaluations()) {
      applyUpTo(calls);
      calls = evaluation.callId;
      if (evaluation.isCounted) counted++;
      if (!this.#optimizers.has(evaluation.optimizerId) || !record.has(evaluation.optimizerId))
        throw new CodedError(
          'log-unusable',
          `the log is damaged: call ${calls} is of optimizer ${evaluation.optimizerId}, which was not there then`,
        );
      record.add(evaluation);
      predecessor.passed(calls);
      reevaluation.add(evaluation.optimizerId, evaluation.fx);
      if (calls !== nextEnd) continue;
      this.#stopping.observe(counted, record, roster);
      nextEnd = ends?.next().value as number | undefined;
    }
    const arrived = this.#log.arrived().reduce((sum, one) => sum + one.counted, 0);
    credits.resume(calls, counted, arrived);
    applyUpTo(calls);
    const { started } = roster;
    return {
      survivors: [...this.#live.values()].filter(({ id }) => !this.#wishes.has(id)),
      revived: [...this.#revived],
      doomed: [...this.#wishes].flatMap(([id, wish]) => {
        const type = this.#live.get(id)?.use.name;
        return type === undefined ? [] : [{ id, type, wish }];
      }),
      endingReason,
      chosen: this.#chosen?.id === started + 1 ? this.#chosen.choice : undefined,
      injections: this.#injectedAt === calls ? this.#injections : new Map(),
      isPaused: isPaused(this.#log.facts()),
    };
  }

  #apply(event: LoggedEvent, isUndone: boolean): void {
    const { type, optimizerId, data, callId } = event;
    const id = optimizerId ?? 0;
    switch (type) {
      case 'optimizer-started':
        this.#start(id);
        break;
      case 'optimizer-chosen':
        this.#chosen = { id, choice: this.#chosenOf(data) };
        break;
      case 'kill':
        this.#wishes.set(id, { status: 'killed', reason: textOf(data['explanation']) });
        break;
      case 'stop-optimizer':
        this.#wishes.set(id, { status: 'stopped', reason: textOf(data['reason']) });
        break;
      case 'inject':
        this.#inject(callId, Number(data['callId']), data['to'] as readonly number[]);
        break;
      case 'optimizer-ended':
        // What evaluated the best point at an end that was none is not wanted any more.
        if (isUndone && !isRepetition(this.#live.get(id))) this.#revived.add(id);
        else this.#end(id, data['status'] as EndWish['status']);
        break;
      case 'resumed':
        // What was revived then and ended since has ended.
        if (data['isEnding'] !== true) this.#revived.clear();
        break;
    }
  }

  /** What was to be started next, with the options that were chosen for it: logs of earlier versions have the configuration's. */
  #chosenOf(data: JsonObject): Choice {
    const { type, use } = this.#choiceOf(textOf(data['optimizer']), Number(data['place']));
    const { options } = data;
    return { type, use: options === undefined ? use : { ...use, options: options as JsonObject } };
  }

  #inject(at: number, callId: number, to: readonly number[]): void {
    // What was shown at an earlier call was seen.
    if (at !== this.#injectedAt) this.#injections.clear();
    this.#injectedAt = at;
    for (const id of to) {
      this.#books.shown.set(id, Math.max(callId, this.#books.shown.get(id) ?? 0));
      this.#injections.set(id, [...(this.#injections.get(id) ?? []), callId]);
    }
  }

  #start(id: number): void {
    const { record, roster, reevaluation, credits } = this.#books;
    const optimizer = this.#optimizers.get(id);
    if (!optimizer)
      throw new CodedError(
        'log-unusable',
        `the log is damaged: optimizer ${id} was started, and is not in it`,
      );
    roster.countStart();
    const choice = this.#choiceOf(optimizer.type, optimizer.place, optimizer);
    record.open(id, optimizer.type, choice.type, restartsByItself(choice));
    if (isRepetition(choice)) {
      credits.raise(reevaluation.reserved);
      reevaluation.beginAgain(id, optimizer.options['times']);
    }
    const { start, version, batchSize } = optimizer;
    this.#live.set(id, { id, ...choice, start, version, batchSize });
  }

  #end(id: number, status: EndWish['status']): void {
    const { record, roster, minima } = this.#books;
    const survivor = this.#live.get(id);
    if (!survivor) return;
    this.#live.delete(id);
    roster.countEnd(status);
    if (survivor.use.name !== 'repeat') minima.add(id, status, record.of(id).best);
    record.close(id, status);
  }

  /** Where the configuration has it now, with the workers and the place of evaluation that it says now; options are as they were. */
  #choiceOf(name: string, place: number, logged?: Pick<LoggedOptimizer, 'options' | 'workers'>): Choice {
    const { use } = this.#config.optimizers;
    const isOurs = place < 0 && name === 'repeat';
    const type =
      use[place]?.name === name ? place : isOurs ? NO_TYPE : use.findIndex((one) => one.name === name);
    const now = use[type] ?? use[0]!;
    if (!logged) return { type, use: now };
    const workers = type < 0 ? Math.min(logged.workers, this.#config.manager.maxJobs) : now.workers;
    return { type, use: { ...now, name, options: logged.options, workers } };
  }
}

/** A pause by hand is kept; one for want of room on a disk is made again if there is still none. */
function isPaused({ paused, pauseReason }: JsonObject): boolean {
  return paused === true && !textOf(pauseReason).startsWith('free-space:');
}

/**
 * The ends that are none, since the run went on after it was stopped, or does now: those of optimizers that had to end since the run
 * did. Not those that were killed, or stopped by hand, before.
 */
function undoneEnds(events: readonly LoggedEvent[], isLastUndone: boolean): ReadonlySet<LoggedEvent> {
  const undone = new Set<LoggedEvent>();
  const doomed = new Set<number | null>();
  let stopped: LoggedEvent[] | undefined;
  for (const event of events) {
    const { type, optimizerId, data } = event;
    if (type === 'stop') stopped ??= [];
    else if (type === 'resumed' && data['isEnding'] !== true) {
      const revived = new Set(data['revived'] as readonly number[]);
      for (const end of stopped ?? []) if (revived.has(end.optimizerId!)) undone.add(end);
      stopped = undefined;
    } else if (type === 'kill' || type === 'stop-optimizer') doomed.add(optimizerId);
    else if (type === 'optimizer-ended' && data['status'] === 'stopped' && !doomed.has(optimizerId))
      stopped?.push(event);
  }
  if (isLastUndone) for (const end of stopped ?? []) undone.add(end);
  return undone;
}

/** Why a run was coming to its end by itself when its log ended, if it was. */
function ownEnd(events: readonly LoggedEvent[]): string | undefined {
  const last = events.findLast(
    ({ type, data }) => type === 'stop' || (type === 'resumed' && data['isEnding'] !== true),
  );
  return last?.type === 'stop' && last.data['by'] === 'itself' ? textOf(last.data['reason']) : undefined;
}

/** Whether it evaluates the best point again, and is none of the configuration's own. */
export function isRepetition(choice: Choice | undefined): boolean {
  return choice?.use.name === 'repeat' && choice.type === NO_TYPE;
}
