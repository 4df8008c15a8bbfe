import { describe } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { EvaluationContext, Outcome, Task } from './contract.ts';
import { isPlain, NotJsonError, toJson } from './extras.ts';
import { Failure } from './failure.ts';
import { faultOfResiduals, type Residuals, sumOfSquares, weightedResiduals } from './residuals.ts';

const EXPECTED = 'expected a finite number or { value, extras?, violation? }';

/** What a task returned that is not as it should be; the message continues the sentence "task returned …". */
export class ReturnFault extends Error {}

/** The value of a number that was returned. */
export function outcomeOfNumber(value: number): Outcome {
  if (!Number.isFinite(value)) throw new ReturnFault(String(value));
  // + 0: the log has no -0, and what an optimizer is told is what is in the log.
  return { status: 'ok', fx: value + 0 };
}

/**
 * What came of a call that returned `returned`, which may be anything.
 *
 * @throws {ReturnFault}
 * @throws {Failure} when it says that there is no value
 */
export function outcomeOf(
  returned: unknown,
  { residuals: rules }: Pick<Task, 'residuals'>,
  { wantsGradient, cutoff }: Pick<EvaluationContext, 'wantsGradient' | 'cutoff'>,
): Outcome {
  if (typeof returned === 'number' && !rules) return outcomeOfNumber(returned);
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned))
    throw new ReturnFault(
      `${describe(returned)}, ${rules ? 'expected { residuals }, since task.residuals is given' : EXPECTED}`,
    );
  // Each part is read once: it may be a getter.
  const { value, residuals, gradient, extras, violation, failed, retry, censored } = returned as Readonly<
    Record<string, unknown>
  >;
  if (failed !== undefined) throw failureOf(failed, retry);
  const isCensored = censored !== undefined && censored !== false;
  if (isCensored) checkBound(censored, value, cutoff);
  const terms = residuals === undefined ? undefined : residualsOf(residuals, value, rules);
  if (!terms && rules && !isCensored) throw new ReturnFault('no residuals, which task.residuals is about');
  if (!terms && !('value' in returned)) throw new ReturnFault(`an object without value, ${EXPECTED}`);
  const fx = terms ? sumOfSquares(weightedResiduals(terms, rules)) : value;
  if (typeof fx !== 'number') throw new ReturnFault(`value ${describe(fx)}, expected a finite number`);
  if (!Number.isFinite(fx))
    throw new ReturnFault(terms ? `residuals whose squares sum up to ${fx}` : `value ${fx}`);
  if (violation !== undefined && !(typeof violation === 'number' && violation >= 0 && violation < Infinity))
    throw new ReturnFault(`violation ${describe(violation)}, expected a finite number >= 0`);
  const slope = gradient !== undefined && wantsGradient ? gradientOf(gradient) : undefined;
  const named = extrasOf(extras, { residuals: terms, gradient: slope });
  return {
    ...(isCensored
      ? ({ status: 'censored', error: `stopped above the cutoff ${cutoff}` } as const)
      : ({ status: 'ok' } as const)),
    fx: fx + 0,
    ...(violation === undefined ? {} : { violation }),
    ...(named ? { extras: named } : {}),
  };
}

function failureOf(failed: unknown, retry: unknown): Error {
  if (typeof failed !== 'string')
    return new ReturnFault(`failed ${describe(failed)}, expected a message: { failed: 'why', retry?: true }`);
  return new Failure(`task failed: ${failed}`, retry === true);
}

/** A bound tells the optimizer as much as the value would only above the cutoff. */
function checkBound(censored: unknown, value: unknown, cutoff: number): void {
  if (censored !== true) throw new ReturnFault(`censored ${describe(censored)}, expected true or false`);
  if (typeof value !== 'number') throw new ReturnFault('censored without value, a lower bound of it');
  // NaN too.
  if (!(value > cutoff))
    throw new ReturnFault(
      `the lower bound ${value}, which is not above context.cutoff, ${cutoff}: below it the value itself is needed`,
    );
}

function residualsOf(residuals: unknown, value: unknown, rules: Task['residuals']): Json & Residuals {
  if (value !== undefined)
    throw new ReturnFault('both value and residuals; the value is the sum of their squares, so leave it out');
  const copy = typeof residuals === 'object' ? json(residuals, 'residuals') : undefined;
  const fault = faultOfResiduals(copy, rules);
  if (fault !== undefined) throw new ReturnFault(fault);
  return copy as Json & Residuals;
}

function gradientOf(gradient: unknown): Json {
  const copy = typeof gradient === 'object' ? json(gradient, 'gradient') : undefined;
  if (!Array.isArray(copy) || !copy.every((item) => typeof item === 'number'))
    throw new ReturnFault(`gradient ${describe(gradient)}, expected a list of finite numbers`);
  return copy;
}

/** Extras as they are logged: those of the task, and beside them what optimizers use besides the value. */
function extrasOf(
  extras: unknown,
  parts: Readonly<Record<string, Json | undefined>>,
): JsonObject | undefined {
  if (extras !== undefined && !isRecord(extras))
    throw new ReturnFault(`extras ${describe(extras)}, expected an object { name: value }`);
  const own = extras && (json(extras, 'extras') as JsonObject);
  const given = Object.entries(parts).filter((part): part is [string, Json] => part[1] !== undefined);
  if (given.length === 0) return own;
  const taken = given.find(([name]) => own && name in own);
  if (taken) throw new ReturnFault(`${taken[0]} and extras.${taken[0]}; leave the second out`);
  return { ...own, ...Object.fromEntries(given) };
}

function json(value: unknown, path: string): Json | undefined {
  try {
    return toJson(value, path);
  } catch (error) {
    if (error instanceof NotJsonError)
      throw new ReturnFault(`${path} that cannot be logged: ${error.message}`);
    throw error;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
}
