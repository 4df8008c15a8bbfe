import type { RunConfig } from '../config/run-config.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { LiveProgress, OptimizerCounts, RunProgress, RunResult } from '../log/figures.ts';
import type { Books } from './books.ts';
import type { Roster } from './roster.ts';
import type { ManagerWorld } from './world.ts';

/** As many are worth a look. */
const MOST_MINIMA = 20;

function countsOf({ started, ended }: Roster): OptimizerCounts {
  return { started, killed: ended.killed, converged: ended.converged, crashed: ended.crashed };
}

export function resultOf(
  { manager, parameters }: RunConfig,
  { credits, record, roster, minima, reevaluation }: Books,
  {
    stopReason,
    runDir,
    wallSeconds,
    isSuspended,
    fit,
  }: Pick<RunResult, 'stopReason' | 'runDir' | 'wallSeconds' | 'isSuspended' | 'fit'>,
): RunResult {
  const { incumbent } = record;
  return {
    fx: incumbent?.fx ?? null,
    x: incumbent ? [...incumbent.x] : null,
    names: parameters.map(({ name }) => name),
    evaluations: credits.counted,
    optimizers: countsOf(roster),
    stopReason,
    isSuspended,
    noise: reevaluation.figures(),
    minima: minima.list().slice(0, MOST_MINIMA),
    fit,
    seed: manager.seed,
    runDir,
    wallSeconds: Math.round(1000 * wallSeconds) / 1000,
  };
}

/** The last that a run writes into its log. */
export function logEnd(
  { log, clock }: ManagerWorld,
  { credits, chronicle, utilisation, minima }: Books,
  facts: JsonObject,
): void {
  const evaluations = credits.counted;
  chronicle.tell({
    kind: 'operational',
    type: 'run-ended',
    message: `${evaluations} evaluations`,
    data: { evaluations },
  });
  log.set({
    ...facts,
    endedAt: clock.now(),
    utilisation: utilisation.figures(clock.elapsed()) as unknown as Json,
    minima: minima.list() as unknown as Json,
  });
}

/** @param now of the clock that never goes backwards */
export function progressOf(
  { credits, record, roster, utilisation }: Books,
  now: number,
  time: Pick<RunProgress, 'elapsedSeconds' | 'secondsLeft' | 'isPaused'>,
): Omit<RunProgress, 'resources' | 'cluster'> {
  const { incumbent } = record;
  const live = roster
    .all()
    .filter(({ phase }) => phase !== 'ended')
    .map(({ id, use, phase }): LiveProgress => {
      const { evaluations, best, history } = record.of(id);
      const [current = null] = history.lastValues(1);
      const shown = phase === 'starting' ? 'starting' : phase === 'ready' ? 'running' : 'ending';
      return { id, type: use.name, phase: shown, evaluations, current, best: best?.fx ?? null };
    });
  return {
    evaluations: credits.counted,
    budget: credits.budget,
    best: incumbent
      ? {
          fx: incumbent.fx,
          callId: incumbent.callId,
          optimizerId: incumbent.optimizerId,
          at: record.improvedAt ?? null,
        }
      : null,
    ...time,
    slots: { used: roster.used, all: roster.slots },
    optimizers: countsOf(roster),
    utilisation: utilisation.figures(now),
    live,
  };
}
