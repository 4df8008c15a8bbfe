import type {
  LiveProgress,
  OptimizerCounts,
  RunProgress,
  RunResult,
  UtilisationFigures,
} from '../log/figures.ts';
import type { CreditLedger } from './credits.ts';
import type { Minima } from './minima.ts';
import type { RunRecord } from './record.ts';
import type { Roster } from './roster.ts';

/** As many are worth a look. */
const MOST_MINIMA = 20;

function countsOf({ started, ended }: Roster): OptimizerCounts {
  return { started, killed: ended.killed, converged: ended.converged, crashed: ended.crashed };
}

export function resultOf(
  credits: CreditLedger,
  record: RunRecord,
  roster: Roster,
  minima: Minima,
  reached: Pick<RunResult, 'names' | 'stopReason' | 'noise' | 'seed' | 'runDir' | 'wallSeconds'>,
): RunResult {
  const { incumbent } = record;
  return {
    fx: incumbent?.fx ?? null,
    x: incumbent ? [...incumbent.x] : null,
    names: reached.names,
    evaluations: credits.counted,
    optimizers: countsOf(roster),
    stopReason: reached.stopReason,
    noise: reached.noise,
    minima: minima.list().slice(0, MOST_MINIMA),
    seed: reached.seed,
    runDir: reached.runDir,
    wallSeconds: Math.round(1000 * reached.wallSeconds) / 1000,
  };
}

export function progressOf(
  credits: CreditLedger,
  record: RunRecord,
  roster: Roster,
  utilisation: UtilisationFigures,
  elapsedSeconds: number,
): RunProgress {
  const { incumbent } = record;
  const live = roster
    .all()
    .filter(({ phase }) => phase !== 'ended')
    .map(({ id, use, phase }): LiveProgress => {
      const { evaluations, best } = record.of(id);
      const shown = phase === 'starting' ? 'starting' : phase === 'ready' ? 'running' : 'ending';
      return { id, type: use.name, phase: shown, evaluations, best: best?.fx ?? null };
    });
  return {
    evaluations: credits.counted,
    budget: credits.budget,
    best: incumbent
      ? { fx: incumbent.fx, callId: incumbent.callId, optimizerId: incumbent.optimizerId }
      : null,
    elapsedSeconds,
    slots: { used: roster.used, all: roster.slots },
    optimizers: countsOf(roster),
    utilisation,
    live,
  };
}
