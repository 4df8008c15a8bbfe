import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Candidate } from '../optimizers/contract.ts';
import { readJournal, Replay, ReplayError } from '../optimizers/journal.ts';
import type { Space } from '../space/space.ts';
import type { Outcome } from '../tasks/contract.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';
import type { ToldValues } from './failure-policy.ts';
import type { PointSource } from './point-source.ts';
import { decodeSaved } from './saved-optimizer.ts';

/** What an optimizer did before, as its log has it: enough to bring a new one to where it was. */
export interface OptimizerPast {
  /** Where this begins, see `saved-optimizer.ts`; at its start when not given. */
  readonly snapshot?: Uint8Array;
  /** Go on from the snapshot, or the start, and leave out what came after it. @default false */
  readonly isSnapshotOnly?: boolean;
  /** Its journal from there on. */
  readonly operations: Uint8Array;
  /** Its evaluations since then in the order of their calls, one array a column. */
  readonly callIds: Float64Array;
  readonly candidateIds: Float64Array;
  /** All parameters of each, in task units. */
  readonly x: Float64Array;
  /** `NaN` where there is no value. */
  readonly fx: Float64Array;
  readonly statuses: readonly EvaluationStatus[];
  /** 0: feasible. */
  readonly violations: Float64Array;
  /** 0: its value was known. */
  readonly attempts: Uint8Array;
  /** By row: few have any. */
  readonly extras: ReadonlyMap<number, JsonObject>;
  /** The points that it was shown, by call: all parameters in task units. */
  readonly injected: ReadonlyMap<number, { readonly x: Float64Array; readonly fx: number }>;
}

/** Where a rebuilt optimizer stands. */
export interface Rebuilt {
  /** Asked for and not evaluated, oldest first. */
  readonly open: readonly Candidate[];
  /** Asked for, evaluated, and not told. */
  readonly untold: readonly {
    readonly candidate: Candidate;
    readonly outcome: Outcome;
    /** 0: its value was known. */
    readonly attempts: number;
  }[];
  /** The last call that it was shown; 0: none. */
  readonly lastInjected: number;
  /** See `streak.ts`: as it was when the snapshot was taken. */
  readonly streak: readonly number[];
}

/**
 * Does again what an optimizer did: it asks for the points that are in the log, bit for bit, and is told their values.
 *
 * @param source nothing was said to it yet; one that thinks elsewhere is started by this
 * @param told has told nothing yet; it then tells as if it had told all of this
 * @throws {CodedError} `replay-mismatch` when it asks for other points than the log has, which another version of the algorithm would;
 * it names the first call that differs. `snapshot-invalid`, `log-unusable` for damage
 */
export async function rebuild(
  source: PointSource,
  past: OptimizerPast,
  space: Space,
  told: ToldValues,
): Promise<Rebuilt> {
  const saved = past.snapshot && decodeSaved(past.snapshot);
  if (saved) {
    source.restore(saved.optimizer);
    told.restore(saved.worst);
  }
  await source.elsewhere?.open();
  told.listener = source;
  const { pending = [], lastInjected = 0, streak = [] } = saved ?? {};
  if (past.isSnapshotOnly) return { open: pending, untold: [], lastInjected, streak };
  const rows = rowsOf(past);
  let next = 0;
  try {
    const replay = new Replay(
      source,
      {
        told: (candidate) => {
          const row = rows.get(candidate.id);
          if (row === undefined) return undefined;
          if (!isLogged(candidate, past, row, space))
            throw new ReplayError(`candidate ${candidate.id} is another point than it was`);
          next = Math.max(next, row + 1);
          return told.answer(candidate, outcomeOf(past, row));
        },
        violation: ({ x }) => space.violation(space.toTask(x)),
        injected: (callId) => {
          const point = past.injected.get(callId);
          return point && { x: space.toUnit(point.x), fx: point.fx };
        },
      },
      pending,
    );
    for (const operation of readJournal(past.operations)) {
      if (source.elsewhere && operation.kind === 'ask') {
        await source.elsewhere.until(operation.count);
        // How much it had announced at that moment is not known any more, but what was taken of it is.
        replay.step({ ...operation, limit: operation.count });
      } else replay.step(operation);
    }
    const { left } = replay;
    const untold = left.flatMap((candidate) => {
      const row = rows.get(candidate.id);
      if (row === undefined) return [];
      next = row;
      if (!isLogged(candidate, past, row, space))
        throw new ReplayError(`candidate ${candidate.id} is another point than it was`);
      return [{ candidate, outcome: outcomeOf(past, row), attempts: past.attempts[row]! }];
    });
    const open = left.filter(({ id }) => !rows.has(id));
    return { open, untold, lastInjected: Math.max(lastInjected, ...past.injected.keys()), streak };
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    const call = past.callIds[next];
    const where = call === undefined ? 'after its last evaluation' : `from call ${call} on`;
    throw new CodedError('replay-mismatch', `${where} it does not do what the log says: ${error.message}`, {
      cause: error,
    });
  }
}

/** The row of each candidate that has a value: a cancelled one is evaluated again, if its optimizer has a future after all. */
function rowsOf({ candidateIds, statuses }: OptimizerPast): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (const [row, id] of candidateIds.entries()) if (statuses[row] !== 'cancelled') rows.set(id, row);
  return rows;
}

function outcomeOf({ statuses, fx, violations, extras: all }: OptimizerPast, row: number): Outcome {
  const violation = violations[row]!;
  const extras = all.get(row);
  return {
    status: statuses[row]!,
    fx: fx[row]!,
    ...(violation > 0 ? { violation } : {}),
    ...(extras ? { extras } : {}),
  };
}

function isLogged({ x }: Candidate, past: OptimizerPast, row: number, space: Space): boolean {
  const point = space.toTask(x);
  return point.every((value, i) => Object.is(value, past.x[row * space.size + i]));
}
