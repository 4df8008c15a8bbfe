import { CodedError } from '../core/errors.ts';
import type { Answer, Candidate, Optimizer } from '../optimizers/contract.ts';
import { readJournal, replay } from '../optimizers/journal.ts';
import type { Space } from '../space/space.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';
import type { ToldValues } from './failure-policy.ts';

/** What an optimizer did before, as its log has it: enough to bring a new one to where it was. */
export interface OptimizerPast {
  /** Its journal, from its start on. */
  readonly operations: Uint8Array;
  /** Its evaluations in the order of their calls, one array a column. */
  readonly callIds: Float64Array;
  readonly candidateIds: Float64Array;
  /** All parameters of each, in task units. */
  readonly x: Float64Array;
  /** `NaN` where there is no value. */
  readonly fx: Float64Array;
  readonly statuses: readonly EvaluationStatus[];
  /** 0: feasible. */
  readonly violations: Float64Array;
  /** The points that it was shown, by call: all parameters in task units. */
  readonly injected: ReadonlyMap<number, { readonly x: Float64Array; readonly fx: number }>;
}

/**
 * Does again what an optimizer did: it asks for the points that are in the log, bit for bit, and is told their values.
 *
 * @param told has told nothing yet; it then tells as if it had told all of this
 * @returns the candidates that were asked for and have no value, oldest first: they are to be evaluated
 * @throws {CodedError} `log-unusable` when it asks for other points than the log has, which another version of the algorithm would
 */
export function rebuild(
  optimizer: Optimizer,
  past: OptimizerPast,
  space: Space,
  told: ToldValues,
): readonly Candidate[] {
  const { candidateIds, callIds, fx, statuses, violations } = past;
  const rowOf = new Map<number, number>();
  const answers: Omit<Answer, keyof Candidate>[] = [];
  for (const [row, id] of candidateIds.entries()) {
    rowOf.set(id, row);
    const status = statuses[row]!;
    const violation = violations[row]!;
    // A cancelled candidate had no value, and its optimizer no future.
    if (status === 'cancelled') continue;
    const { fx: toldFx, violation: toldViolation } = told.answer(
      { id, x: NOWHERE },
      { status, fx: fx[row]!, ...(violation > 0 ? { violation } : {}) },
    );
    answers[row] = { fx: toldFx, ...(toldViolation === undefined ? {} : { violation: toldViolation }) };
  }
  return replay(optimizer, readJournal(past.operations), {
    told: (candidate) => {
      const row = rowOf.get(candidate.id);
      const answer = row === undefined ? undefined : answers[row];
      if (row === undefined || !answer) return undefined;
      if (!isLogged(candidate, past, row, space))
        throw new CodedError(
          'log-unusable',
          `call ${callIds[row]}: the optimizer asks for another point than it did`,
        );
      return { ...answer, ...candidate };
    },
    violation: ({ x }) => space.violation(space.toTask(x)),
    injected: (callId) => {
      const point = past.injected.get(callId);
      return point && { x: space.toUnit(point.x), fx: point.fx };
    },
  });
}

/** Values alone are asked for here, not points. */
const NOWHERE = new Float64Array();

function isLogged({ x }: Candidate, past: OptimizerPast, row: number, space: Space): boolean {
  const point = space.toTask(x);
  return point.every((value, i) => Object.is(value, past.x[row * space.size + i]));
}
