import type { RunConfig, WarmStartSettings } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { compareRanked } from '../core/ranking.ts';
import type { LoggedRows, RunLog } from '../log/contract.ts';
import { LogReader, type LoggedEvaluation } from '../log/reader.ts';
import { withLog } from '../log/unusable.ts';
import type { Space } from '../space/space.ts';
import type { Distance } from './geometry.ts';
import { Minima } from './minima.ts';
import { parametersOf } from './other-run.ts';
import type { Incumbent } from './record.ts';
import { type LeftOut, Translation } from './translation.ts';

/** The optimizer that the other run's evaluations are of. */
export const WARM_START_ID = 0;
export const WARM_START_TYPE = 'warm-start';
/** Who did them, for the log. */
const WORKER = 'warm start';
/** So many rows are one batch. */
const ROWS_AT_ONCE = 1000;
const NO_OPERATIONS = new Uint8Array();

/** What a log says of its warm start, as the fact `warmStart`. */
export interface WarmStartFacts extends JsonObject {
  readonly run: string;
  /** How many evaluations were taken over: calls 1 to this. */
  readonly rows: number;
  /** How many were not, and why. */
  readonly leftOut: { readonly [Why in LeftOut]: number };
  /** The calls of the other run's separate minima, the best first. */
  readonly minima: readonly number[];
}

/** A row on its way. */
interface Taken {
  readonly x: Float64Array;
  readonly source: LoggedEvaluation;
}

/**
 * Copies another run's evaluations to the beginning of a log that has none. The other log is read as it is at one moment, whether its run
 * lives, has ended or was killed, and stays as it is.
 *
 * @throws {CodedError} `log-unusable` when the other log cannot be read
 */
export function copyEvaluations(
  { minimaTolerance }: RunConfig['manager'],
  { run, inject }: WarmStartSettings,
  space: Space,
  distance: Distance,
  log: RunLog,
  now: number,
): WarmStartFacts {
  return withLog(run, () => {
    using reader = new LogReader(run);
    using moment = reader.snapshot();
    void moment;
    const facts = reader.facts() as JsonObject;
    const bests = new Bests(facts);
    const leftOut = { outside: 0, fixed: 0, tied: 0, constraints: 0 };
    const translation = new Translation(space, parametersOf(facts));
    log.startOptimizer({
      optimizerId: WARM_START_ID,
      type: WARM_START_TYPE,
      options: { run, inject },
      workers: 0,
      start: new Float64Array(),
      startedAt: now,
      startedAfterCall: 0,
    });
    let rows = 0;
    let waiting: Taken[] = [];
    const flush = (): void => {
      if (waiting.length === 0) return;
      log.commit({
        optimizerId: WARM_START_ID,
        firstCallId: rows - waiting.length + 1,
        rows: rowsOf(waiting, space.size, rows - waiting.length),
        operations: NO_OPERATIONS,
      });
      waiting = [];
    };
    for (const source of reader.evaluations()) {
      // What was known there was evaluated before, and is here already.
      if (source.status !== 'ok' || source.fx === null || source.attempts === 0) continue;
      const x = translation.translate(source.x);
      if (typeof x === 'string') {
        leftOut[x]++;
        continue;
      }
      waiting.push({ x, source });
      rows++;
      bests.add(source, {
        callId: rows,
        optimizerId: WARM_START_ID,
        fx: source.fx,
        violation: source.violation ?? 0,
        x,
      });
      if (waiting.length === ROWS_AT_ONCE) flush();
    }
    flush();
    log.endOptimizer({ optimizerId: WARM_START_ID, status: 'stopped', reason: `of ${run}`, endedAt: now });
    const statuses = new Map(
      reader.summary().optimizers.map(({ optimizerId, status }) => [optimizerId, status]),
    );
    const minima = new Minima(space, distance, minimaTolerance);
    for (const { of, best } of bests.all())
      minima.add(of, statuses.get(of) === 'converged' ? 'converged' : 'stopped', best);
    const copied = { run, rows, leftOut, minima: minima.list().map(({ callId }) => callId) };
    log.set({ warmStart: copied, uncounted: rows });
    return copied;
  });
}

/** Each optimizer's best evaluation there; of one that was itself only taken over, those that were its separate minima. */
class Bests {
  readonly #best = new Map<number, Incumbent>();
  readonly #earlier: { readonly of: number; readonly best: Incumbent }[] = [];
  readonly #earlierCalls: ReadonlySet<number>;

  /** @param facts of the other log */
  constructor(facts: JsonObject) {
    this.#earlierCalls = new Set((facts['warmStart'] as WarmStartFacts | undefined)?.minima);
  }

  add({ optimizerId, callId }: LoggedEvaluation, found: Incumbent): void {
    if (optimizerId === WARM_START_ID) {
      if (this.#earlierCalls.has(callId)) this.#earlier.push({ of: WARM_START_ID, best: found });
      return;
    }
    const best = this.#best.get(optimizerId);
    if (!best || compareRanked(found, best) < 0) this.#best.set(optimizerId, found);
  }

  all(): readonly { readonly of: number; readonly best: Incumbent }[] {
    return [...this.#earlier, ...Array.from(this.#best, ([of, best]) => ({ of, best }))];
  }
}

function rowsOf(taken: readonly Taken[], size: number, before: number): LoggedRows {
  const x = new Float64Array(taken.length * size);
  for (const [row, one] of taken.entries()) x.set(one.x, row * size);
  return {
    count: taken.length,
    candidateIds: Float64Array.from(taken, (_, row) => before + row + 1),
    x,
    fx: Float64Array.from(taken, ({ source }) => source.fx ?? NaN),
    startedAt: Float64Array.from(taken, ({ source }) => source.startedAt),
    durationMs: Float64Array.from(taken, ({ source }) => source.durationMs),
    attempts: Uint8Array.from(taken, ({ source }) => source.attempts),
    counted: new Uint8Array(taken.length),
    worker: new Uint16Array(taken.length),
    workers: [WORKER],
    notes: taken.flatMap(({ source: { violation, extras } }, row) =>
      violation === null && extras === null
        ? []
        : [{ row, ...(violation === null ? {} : { violation }), ...(extras === null ? {} : { extras }) }],
    ),
    status: () => 'ok',
  };
}

/** What a log says of its warm start; nothing when it has none. @throws {CodedError} `log-unusable` */
export function warmStartOf(facts: JsonObject): WarmStartFacts | undefined {
  const { warmStart } = facts;
  if (warmStart === undefined) return undefined;
  const { rows, minima } = warmStart as Partial<WarmStartFacts>;
  if (!Number.isSafeInteger(rows) || !Array.isArray(minima))
    throw new CodedError(
      'log-unusable',
      'the log is damaged: what it says of its warm start is no such thing',
    );
  return warmStart as WarmStartFacts;
}
