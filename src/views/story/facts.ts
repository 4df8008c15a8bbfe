import type { Json, JsonObject } from '../../core/json.ts';
import type { ResourceFigures, UtilisationFigures } from '../../log/figures.ts';
import { type LoggedState, stateOf } from '../../log/state.ts';
import { type Budget, budgetOf } from './budget.ts';
import type { FactsCard, ParameterCard, VitalsHistory } from './frame.ts';

/** The table `run` of a log, as a page needs it. Whatever stands in it may have been written by anybody. */
export interface RunFacts {
  /** How it is at this moment: its manager may have died since it was logged. */
  readonly state: () => LoggedState;
  readonly isPaused: boolean;
  readonly pauseReason: string | null;
  readonly stopReason: string | null;
  /** Evaluations that do not count. */
  readonly uncounted: number;
  readonly budget: Budget;
  readonly utilisation: UtilisationFigures | null;
  readonly resources: (ResourceFigures & { readonly peakMemoryBytes?: number }) | null;
  readonly card: FactsCard;
}

export function readFacts(directory: string, facts: JsonObject): RunFacts {
  const config = objectOf(facts['config']) ?? {};
  const manager = objectOf(config['manager']) ?? {};
  return {
    state: () => stateOf(facts),
    isPaused: facts['paused'] === true,
    pauseReason: textOrNull(facts['pauseReason']),
    stopReason: textOrNull(facts['stopReason']),
    uncounted: numberOrNull(facts['uncounted']) ?? 0,
    budget: budgetOf(config['stop']),
    utilisation: objectOf(facts['utilisation']) as UtilisationFigures | null,
    resources: objectOf(facts['resources']) as RunFacts['resources'],
    card: {
      directory,
      names: Array.isArray(facts['names']) ? facts['names'].map(String) : [],
      parameters: Array.isArray(config['parameters']) ? config['parameters'].map(parameterOf) : [],
      seed: numberOrNull(facts['seed']),
      slots: numberOrNull(manager['maxJobs']) ?? 1,
      backend: textOrNull(manager['backend']) ?? 'unknown',
      startedAt: numberOrNull(facts['startedAt']) ?? 0,
      endedAt: numberOrNull(facts['endedAt']),
      versions: {
        glompo: textOrNull(facts['glompo']) ?? 'unknown',
        node: textOrNull(facts['node']) ?? 'unknown',
        platform: textOrNull(facts['platform']) ?? 'unknown',
        host: textOrNull(facts['host']) ?? 'unknown',
      },
      config,
      minima: Array.isArray(facts['minima']) ? facts['minima'] : [],
      result: objectOf(facts['result']),
      history: objectOf(facts['vitals']) as VitalsHistory | null,
    },
  };
}

function parameterOf(parameter: Json): ParameterCard {
  const given = objectOf(parameter) ?? {};
  const [min, max] = [numberOrNull(given['min']), numberOrNull(given['max'])];
  return {
    name: textOrNull(given['name']) ?? '?',
    kind: isTied(given) ? 'tied' : 'value' in given ? 'fixed' : 'free',
    scale: given['scale'] === 'log' ? 'log' : 'linear',
    min,
    max,
  };
}

/** As it is written: `value: '= 2 * a'`. */
function isTied({ expression, value }: JsonObject): boolean {
  return expression !== undefined || (typeof value === 'string' && value.startsWith('='));
}

function objectOf(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
