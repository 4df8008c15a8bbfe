import { clip, describe, factsOf } from '../core/errors.ts';
import type { EvaluationContext, Outcome, Task } from './contract.ts';
import { isPlain, NotJsonError, toJson } from './extras.ts';

const EXPECTED = 'expected a finite number or { value, extras?, violation? }';
/** The longest error that is logged with an evaluation. */
const LONGEST_ERROR = 500;

/**
 * Calls a task once. Whatever the task does, this neither throws nor rejects: it tells what happened as an outcome, at once if the
 * task answered at once.
 *
 * | the task | status | `error` |
 * | --- | --- | --- |
 * | throws or rejects | failed | `task threw TypeError: message` |
 * | does so after `context.signal` was aborted | cancelled | the same |
 * | returns `NaN`, `Infinity`, `-Infinity` | failed | `task returned NaN` |
 * | returns something else | failed | `task returned "abc", expected a finite number or { value, extras?, violation? }` |
 * | returns a bad part | failed | `task returned violation -1, expected a finite number >= 0` |
 *
 * @param x the point as it is logged. The task is given a copy, its own to keep or to write into: that takes 0.05 µs for up to eight
 * parameters, some tenths of a microsecond above, and nothing less keeps a task that holds on to its argument away from the log.
 */
export function evaluateTask(
  task: Task,
  x: Float64Array,
  context: EvaluationContext,
): Outcome | Promise<Outcome> {
  try {
    const returned: unknown = task.evaluate(x.slice(), context);
    if (typeof returned === 'number') return outcomeOfNumber(returned);
    return isThenable(returned) ? settle(returned, context) : outcomeOf(returned);
  } catch (thrown) {
    return outcomeOfThrown(thrown, context);
  }
}

async function settle(returned: PromiseLike<unknown>, context: EvaluationContext): Promise<Outcome> {
  try {
    return outcomeOf(await returned);
  } catch (thrown) {
    return outcomeOfThrown(thrown, context);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function outcomeOf(returned: unknown): Outcome {
  if (typeof returned === 'number') return outcomeOfNumber(returned);
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned))
    return failed(`task returned ${describe(returned)}, ${EXPECTED}`);
  if (!('value' in returned)) return failed(`task returned an object without value, ${EXPECTED}`);
  // Each part is read once: it may be a getter.
  const { value, extras, violation } = returned as { value: unknown; extras?: unknown; violation?: unknown };
  if (typeof value !== 'number')
    return failed(`task returned value ${describe(value)}, expected a finite number`);
  if (!Number.isFinite(value)) return failed(`task returned value ${value}`);
  if (violation !== undefined && !(typeof violation === 'number' && violation >= 0 && violation < Infinity))
    return failed(`task returned violation ${describe(violation)}, expected a finite number >= 0`);
  if (extras !== undefined && !isRecord(extras))
    return failed(`task returned extras ${describe(extras)}, expected an object { name: value }`);
  try {
    return {
      status: 'ok',
      fx: value + 0,
      ...(violation === undefined ? {} : { violation }),
      ...(extras === undefined ? {} : { extras: toJson(extras, 'extras') as NonNullable<Outcome['extras']> }),
    };
  } catch (error) {
    if (error instanceof NotJsonError)
      return failed(`task returned extras that cannot be logged: ${error.message}`);
    throw error;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
}

function outcomeOfNumber(value: number): Outcome {
  // + 0: the log has no -0, and what an optimizer is told is what is in the log.
  return Number.isFinite(value) ? { status: 'ok', fx: value + 0 } : failed(`task returned ${value}`);
}

function outcomeOfThrown(thrown: unknown, context: EvaluationContext): Outcome {
  const error = `task ${describeThrown(thrown)}`;
  return context.signal.aborted ? { status: 'cancelled', fx: NaN, error: oneLine(error) } : failed(error);
}

/** `threw TypeError: message`; even an error whose own properties throw is told. */
function describeThrown(thrown: unknown): string {
  try {
    const { name, message } = factsOf(thrown);
    if (name === 'Thrown') return message;
    return message === name ? `threw ${name}` : `threw ${name}: ${message}`;
  } catch {
    return 'threw something that cannot be described';
  }
}

function failed(error: string): Outcome {
  return { status: 'failed', fx: NaN, error: oneLine(error) };
}

function oneLine(text: string): string {
  return clip(text.replaceAll(/\s*[\r\n]\s*/g, ' '), LONGEST_ERROR);
}
