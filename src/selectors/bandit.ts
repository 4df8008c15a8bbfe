import type { PastOptimizer } from '../conditions/past-optimizer.ts';
import { options } from '../core/options.ts';
import type { RandomStream } from '../core/random.ts';
import { power } from '../core/power.ts';
import type { SelectorComponent } from './contract.ts';

/** An optimizer's credit is the chance that it beats so many of the recent ones, drawn at random. */
const RIVALS = 8;

export interface BanditOptions {
  /** The share of starts that is divided evenly among the types, so that none is given up. @default 0.2 */
  readonly floor: number;
  /** How many of the latest optimizers count. @default 50 */
  readonly window: number;
}

/**
 * Starts those types most that have paid off lately: whose optimizers are among the best of the recent ones, for few evaluations.
 *
 * @remarks Not in GloMPO. Starts are judged by the chance to be the best of several, not by their mean, since one good optimizer makes
 * a run (the max k-armed bandit); by ranks, so that decisions are the same for f and for a·f + b, a > 0; and by Thompson sampling, since
 * several slots may be filled before the first of them has anything to tell.
 * @see Cicirello, Smith (2005), The max K-armed bandit: a new model of exploration applied to search heuristic selection, AAAI
 * @see Fialho, Schoenauer, Sebag (2010), Toward comparison-based adaptive operator selection, GECCO: credit by ranks, sliding window
 * @see Eckles, Kaptein (2014), Thompson sampling with the online bootstrap, arXiv:1410.4009
 */
export const bandit: SelectorComponent<BanditOptions> = {
  name: 'bandit',
  summary: 'mostly the optimizer types that have paid off lately: the best values for the fewest evaluations',
  options: options({
    floor: {
      description: 'the share of starts that is divided evenly among the types, so that none is given up',
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.2,
    },
    window: {
      description: 'how many of the latest optimizers count; fewer adapt sooner, more judge better',
      type: 'integer',
      minimum: 2,
      maximum: 256,
      default: 50,
    },
  }),
  create({ floor, window }) {
    return {
      select({ types, optimizers, random }) {
        const untried = types.findIndex((_, type) => optimizers.every((one) => one.type !== type));
        if (untried >= 0) return untried;
        const recent = optimizers
          .filter(({ type, evaluations }) => type >= 0 && evaluations > 0)
          .slice(-window);
        if (recent.length === 0 || random.uniform() < floor) return random.integer(types.length);
        return sample(types.length, recent, random);
      },
    };
  },
};

/** The type with the highest payoff in one draw from what the recent optimizers leave likely. */
function sample(types: number, recent: readonly PastOptimizer[], random: RandomStream): number {
  const credits = recent.map((one) => creditOf(one, recent));
  const meanCredit = mean(credits);
  const meanCost = mean(recent.map(({ evaluations }) => evaluations));
  // Each type has an average optimizer to begin with: one result, however good, is not certainty.
  const gained = Array.from({ length: types }, () => 0);
  const spent = gained.slice();
  for (let type = 0; type < types; type++) {
    const weight = exponential(random);
    gained[type] = weight * meanCredit;
    spent[type] = weight * meanCost;
  }
  // The Bayesian bootstrap (Rubin 1981): weights ~ Exp(1), which sum to a Dirichlet draw when divided by their total.
  for (const [i, { type, evaluations }] of recent.entries()) {
    const weight = exponential(random);
    gained[type]! += weight * credits[i]!;
    spent[type]! += weight * evaluations;
  }
  const payoffs = gained.map((credit, type) => credit / spent[type]!);
  return payoffs.indexOf(Math.max(...payoffs));
}

/** The chance that `one` is better than `RIVALS` recent optimizers drawn at random; equals count half, nothing found is worst. */
function creditOf(one: PastOptimizer, recent: readonly PastOptimizer[]): number {
  const value = valueOf(one);
  let beaten = 0;
  for (const other of recent) {
    const its = valueOf(other);
    if (its > value) beaten += 1;
    else if (its === value) beaten += 0.5;
  }
  return power(beaten / recent.length, RIVALS);
}

function valueOf({ best }: PastOptimizer): number {
  return best?.fx ?? Infinity;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** ~ Exp(1), never 0. */
function exponential(random: RandomStream): number {
  return -Math.log1p(-random.uniform()) || Number.MIN_VALUE;
}
