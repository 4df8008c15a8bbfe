import { clip, factsOf } from '../core/errors.ts';
import type { EvaluationContext, Outcome, Task } from './contract.ts';
import { Failure } from './failure.ts';
import { outcomeOf, outcomeOfNumber, ReturnFault } from './returned.ts';

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
 * | returns `{ residuals }` | ok | `fx` is the sum of their squares, see `residuals.ts` |
 * | returns `{ value, censored: true }`, the value above `context.cutoff` | censored | `stopped above the cutoff 1.5` |
 * | returns `{ failed: message }`, throws an error with `retry` | failed | `task failed: message`; tried again, with `retry` |
 * | returns a bad part | failed | `task returned violation -1, expected a finite number >= 0` |
 *
 * @param x the point as it is logged. The task is given a copy, its own to keep or to write into, unless it `borrows`: that takes 0.05 µs for up to eight
 * parameters, half a microsecond above, and nothing less keeps a task that holds on to its argument away from the log.
 * @param retries how often it is called again when it says that it failed and may not fail the next time
 */
export function evaluateTask(
  task: Task,
  x: Float64Array,
  context: EvaluationContext,
  retries = 0,
): Outcome | Promise<Outcome> {
  const first = evaluateOnce(task, x, context);
  if (retries < 1) return first;
  if (first instanceof Promise) return first.then((outcome) => tryAgain(outcome, task, x, context, retries));
  return first.isTransient ? tryAgain(first, task, x, context, retries) : first;
}

async function tryAgain(
  first: Outcome,
  task: Task,
  x: Float64Array,
  context: EvaluationContext,
  retries: number,
): Promise<Outcome> {
  let outcome = first;
  let attempts = 1;
  while (outcome.isTransient && attempts <= retries && !context.signal.aborted) {
    outcome = await evaluateOnce(task, x, context);
    attempts++;
  }
  return attempts === 1 ? outcome : { ...outcome, attempts };
}

/** What came of a call that was made elsewhere and returned `returned`, which may be anything; told in the same words. */
export function outcomeOfReturned(
  returned: unknown,
  task: Pick<Task, 'residuals'>,
  context: Pick<EvaluationContext, 'wantsGradient' | 'cutoff' | 'signal'>,
): Outcome {
  try {
    return outcomeOf(returned, task, context);
  } catch (thrown) {
    return outcomeOfThrown(thrown, context);
  }
}

function evaluateOnce(task: Task, x: Float64Array, context: EvaluationContext): Outcome | Promise<Outcome> {
  try {
    const returned: unknown = task.evaluate(task.borrows ? x : x.slice(), context);
    if (typeof returned === 'number' && !task.residuals) return outcomeOfNumber(returned);
    return isThenable(returned) ? settle(task, returned, context) : outcomeOf(returned, task, context);
  } catch (thrown) {
    return outcomeOfThrown(thrown, context);
  }
}

async function settle(
  task: Task,
  returned: PromiseLike<unknown>,
  context: EvaluationContext,
): Promise<Outcome> {
  try {
    return outcomeOf(await returned, task, context);
  } catch (thrown) {
    return outcomeOfThrown(thrown, context);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function outcomeOfThrown(thrown: unknown, context: Pick<EvaluationContext, 'signal'>): Outcome {
  if (thrown instanceof ReturnFault) return failed(`task returned ${thrown.message}`);
  if (thrown instanceof Failure)
    return failed(thrown.message, thrown.isTransient, context.signal.aborted ? 'cancelled' : 'failed');
  const error = `task ${describeThrown(thrown)}`;
  return failed(error, asksForRetry(thrown), context.signal.aborted ? 'cancelled' : 'failed');
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

/** Whether an error that was thrown says that the same point may work the next time. */
function asksForRetry(thrown: unknown): boolean {
  try {
    return typeof thrown === 'object' && thrown !== null && 'retry' in thrown && thrown.retry === true;
  } catch {
    return false;
  }
}

function failed(error: string, isTransient = false, status: 'failed' | 'cancelled' = 'failed'): Outcome {
  const outcome = { status, fx: NaN, error: oneLine(error) };
  return isTransient && status === 'failed' ? { ...outcome, isTransient } : outcome;
}

/** An error as it is logged. */
export function oneLine(text: string): string {
  return clip(text.replaceAll(/\s*[\r\n]\s*/g, ' '), LONGEST_ERROR);
}
