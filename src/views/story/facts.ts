import type { Json, JsonObject } from '../../core/json.ts';
import { clusterIn, type ClusterFigures, slotsOf } from '../../log/cluster-figures.ts';
import type { ResourceFigures, UtilisationFigures } from '../../log/figures.ts';
import { type LoggedState, stateOf } from '../../log/state.ts';
import { type Budget, budgetOf } from './budget.ts';
import { concealed } from './conceal.ts';
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
  readonly cluster: ClusterFigures | null;
  readonly card: FactsCard;
}

export function readFacts(directory: string, facts: JsonObject): RunFacts {
  const config = objectOf(facts['config']) ?? {};
  const manager = objectOf(config['manager']) ?? {};
  const names = Array.isArray(facts['names']) ? facts['names'].map(String) : [];
  return {
    state: () => stateOf(facts),
    isPaused: facts['paused'] === true,
    pauseReason: textOrNull(facts['pauseReason']),
    stopReason: textOrNull(facts['stopReason']),
    uncounted: numberOrNull(facts['uncounted']) ?? 0,
    budget: budgetOf(config['stop']),
    utilisation: utilisationOf(facts['utilisation']),
    resources: resourcesOf(facts['resources']),
    cluster: clusterIn(facts['cluster']),
    card: {
      directory,
      names,
      // A table that was imported without a configuration has names alone.
      parameters: (Array.isArray(config['parameters'])
        ? (config['parameters'] as readonly Json[])
        : names.map((name) => ({ name }))
      ).map(parameterOf),
      seed: numberOrNull(facts['seed']),
      slots: slotsOf(
        { maxJobs: numberOrNull(manager['maxJobs']) ?? 1, reproducible: manager['reproducible'] === true },
        clusterIn(facts['cluster']),
      ),
      backend: textOrNull(manager['backend']) ?? 'unknown',
      startedAt: numberOrNull(facts['startedAt']) ?? 0,
      endedAt: numberOrNull(facts['endedAt']),
      versions: {
        glompo: textOrNull(facts['glompo']) ?? 'unknown',
        node: textOrNull(facts['node']) ?? 'unknown',
        platform: textOrNull(facts['platform']) ?? 'unknown',
        host: textOrNull(facts['host']) ?? 'unknown',
      },
      config: concealed(config),
      minima: minimaOf(facts['minima']),
      result: objectOf(facts['result']),
      history: historyOf(facts['vitals']),
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

function utilisationOf(value: Json | undefined): UtilisationFigures | null {
  const given = objectOf(value);
  const isWhole =
    hasNumbers(objectOf(given?.['time']), ['evaluating', 'startUp', 'credits', 'maths', 'stragglers']) &&
    Array.isArray(given?.['advice']);
  return isWhole ? (given as unknown as UtilisationFigures) : null;
}

function resourcesOf(value: Json | undefined): RunFacts['resources'] {
  const given = objectOf(value);
  return hasNumbers(given, ['processes', 'cores', 'memoryBytes', 'load'])
    ? (given as unknown as RunFacts['resources'])
    : null;
}

function historyOf(value: Json | undefined): VitalsHistory | null {
  const given = objectOf(value);
  const columns = ['at', 'cores', 'memoryBytes', 'load', 'processes'].map((name) => given?.[name]);
  const [first] = columns;
  const isWhole = columns.every(
    (column) =>
      Array.isArray(column) &&
      column.length === (first as readonly Json[]).length &&
      column.every((one) => typeof one === 'number'),
  );
  return isWhole ? (given as unknown as VitalsHistory) : null;
}

function minimaOf(value: Json | undefined): FactsCard['minima'] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).filter((one) => {
    const given = objectOf(one);
    return hasNumbers(given, ['fx', 'callId', 'hits', 'converged']) && Array.isArray(given?.['x']);
  }) as unknown as FactsCard['minima'];
}

function hasNumbers(given: JsonObject | null, names: readonly string[]): boolean {
  return names.every((name) => typeof given?.[name] === 'number');
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
