import { figure } from '../../conditions/figures.ts';
import type { StopReason } from '../contract.ts';
import type { Distribution } from './distribution.ts';
import type { History } from './history.ts';
import type { ResolvedCmaEsOptions } from './options.ts';

type Rule = (
  distribution: Distribution,
  history: History,
  options: ResolvedCmaEsOptions,
  range: number,
) => StopReason | undefined;

/**
 * Looks for a reason to stop after an update.
 *
 * @param range greatest minus least value of the generation; NaN when it has no feasible one
 * @see Hansen (2016), The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, section B.3
 */
export function findStop(
  distribution: Distribution,
  history: History,
  options: ResolvedCmaEsOptions,
  range: number,
): StopReason | undefined {
  const { shape, updates, parameters } = distribution;
  const areAxesDue = !shape.isSound || updates % parameters.axesGap === 0;
  if (areAxesDue) shape.findAxes();
  for (const rule of areAxesDue ? rules : rulesWithoutAxes) {
    const reason = rule(distribution, history, options, range);
    if (reason) return reason;
  }
  return undefined;
}

const stop = (kind: string, detail: string): StopReason => ({ kind, detail });

const conditionCov: Rule = (distribution, _history, { maxCondition }) => {
  const condition = distribution.shape.condition();
  if (condition <= maxCondition) return undefined;
  return stop(
    'condition-cov',
    `condition of the covariance ${figure(condition)} > maxCondition ${maxCondition}`,
  );
};

const values: Rule = (_distribution, history, { tolFun, tolFunHist }, range) => {
  const best = history.recentBest();
  if (!best) return undefined;
  const past = `best values of the last ${history.recent} generations`;
  if (best.least === best.greatest) return stop('equal-fun-values', `${past} are all ${best.least}`);
  const bestRange = best.greatest - best.least;
  if (bestRange < tolFun && range < tolFun)
    return stop('tol-fun', `range of values ${figure(Math.max(range, bestRange))} < tolFun ${tolFun}`);
  if (bestRange < tolFunHist)
    return stop('tol-fun-hist', `range of the ${past} ${figure(bestRange)} < tolFunHist ${tolFunHist}`);
  return undefined;
};

/** Coordinates of integers are not asked: their margin keeps them wide. */
const widths: Rule = (distribution, _history, { tolX, tolXUp, sigma0 }) => {
  const { sigma, scale, pathC, limits } = distribution;
  let widest = 0;
  let continuous = 0;
  for (let i = 0; i < scale.length; i++) {
    const width = distribution.width(i);
    if (width > tolXUp * sigma0)
      return stop(
        'tol-x-up',
        `standard deviation ${figure(width)} > tolXUp ${tolXUp} times sigma0 ${sigma0}`,
      );
    if (limits.steps[i]! > 1) continue;
    continuous++;
    widest = Math.max(widest, width, Math.abs(sigma * scale[i]! * pathC[i]!));
  }
  if (continuous === 0 || widest >= tolX) return undefined;
  return stop('tol-x', `standard deviations ${figure(widest)} < tolX ${tolX}`);
};

const noEffectAxis: Rule = ({ mean, sigma, scale, shape }) => {
  for (let axis = 0; axis < mean.length; axis++)
    if (mean.every((value, i) => value + 0.1 * sigma * scale[i]! * shape.axis(axis, i) === value))
      return stop('no-effect-axis', `0.1 standard deviations along axis ${axis} do not change the mean`);
  return undefined;
};

const noEffectCoord: Rule = (distribution, ...rest) => {
  const i = distribution.mean.findIndex((mean, at) => mean + 0.2 * distribution.width(at) === mean);
  if (i < 0) return undefined;
  // An axis without effect is the better reason, and may have become so since the axes were looked at.
  distribution.shape.findAxes();
  return (
    noEffectAxis(distribution, ...rest) ??
    stop('no-effect-coord', `0.2 standard deviations do not change coordinate ${i} of the mean`)
  );
};

const stagnation: Rule = (_distribution, history, options) =>
  options.stagnation && history.isStagnant()
    ? stop('stagnation', `best and median values are no better than ${history.window} generations ago`)
    : undefined;

const rules: readonly Rule[] = [conditionCov, values, widths, noEffectAxis, noEffectCoord, stagnation];
const rulesWithoutAxes = rules.filter((rule) => rule !== conditionCov && rule !== noEffectAxis);

/** Not one of Hansen's: a task that fails everywhere gives nothing to learn from. */
export function nothingButFailures(generations: number): StopReason {
  return stop('only-failures', `every evaluation of the last ${generations} generations failed`);
}

/** A run of BIPOP with a small population has used its share. */
export function outOfEvaluations(evaluations: number, most: number): StopReason {
  return stop('max-evaluations', `${evaluations} evaluations, of at most ${most} in this run`);
}
