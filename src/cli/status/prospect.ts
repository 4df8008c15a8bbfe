import type { Lately } from '../../log/lately.ts';
import type { RunSummary } from '../../log/reader.ts';
import { limitsOf } from './limits.ts';

/** How far a run is, and how long it may still take. */
export interface Prospect {
  /** Evaluations that there may be; null where nothing bounds them. */
  readonly budget: number | null;
  /** At the latest and at the present pace; null where nobody knows, and while the run pauses. */
  readonly secondsLeft: number | null;
}

export function prospectOf(
  { state, evaluations, facts }: RunSummary,
  { rate, sessionAt }: Pick<Lately, 'rate' | 'sessionAt'>,
  now: number,
): Prospect {
  const limits = limitsOf(facts['config']);
  const budget = Number.isFinite(limits.evaluations) ? limits.evaluations : null;
  if (state !== 'running' || facts['paused'] === true) return { budget, secondsLeft: null };
  const byBudget = budget !== null && rate !== null ? Math.max(0, budget - evaluations) / rate : Infinity;
  const byTime = sessionAt === null ? Infinity : Math.max(0, limits.seconds - (now - sessionAt) / 1000);
  const left = Math.min(byBudget, byTime);
  return { budget, secondsLeft: Number.isFinite(left) ? left : null };
}

/** `12 s`, `3 min`, `2.5 h`, `4 days`: as much as one wants to know of a guess. */
export function about(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 360_000) return `${Number((seconds / 3600).toPrecision(2))} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
