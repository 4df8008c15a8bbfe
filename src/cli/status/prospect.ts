import type { JsonObject } from '../../core/json.ts';
import type { Lately, SessionMoment } from '../../log/lately.ts';
import type { RunSummary } from '../../log/reader.ts';
import { budgetOf } from '../../views/story/budget.ts';
import { Spending } from '../../views/story/spending.ts';

/** How far a run is, and how long it may still take. */
export interface Prospect {
  /** Evaluations that there may be; null where nothing bounds them. */
  readonly budget: number | null;
  /** At the latest and at the present pace; null where nobody knows, and while the run pauses. */
  readonly secondsLeft: number | null;
}

export function prospectOf(
  { state, evaluations, facts }: RunSummary,
  { rate, session }: Pick<Lately, 'rate' | 'session'>,
  now: number,
): Prospect {
  const { config, overallSeconds } = facts;
  const limits = budgetOf((config as JsonObject | undefined)?.['stop']);
  const budget = limits.evaluations;
  if (state !== 'running' || facts['paused'] === true) return { budget, secondsLeft: null };
  const left = [
    ...(budget === null || rate === null ? [] : [(budget - evaluations) / rate]),
    ...(limits.session === null || session.length === 0 ? [] : [limits.session - secondsOf(session, now)]),
    ...(limits.overall === null || typeof overallSeconds !== 'number'
      ? []
      : [limits.overall - overallSeconds]),
  ];
  return { budget, secondsLeft: left.length === 0 ? null : Math.max(0, Math.min(...left)) };
}

/** How long a session has gone on, without its pauses. */
function secondsOf([first, ...later]: readonly SessionMoment[], now: number): number {
  const spending = new Spending(first!.at);
  // A pause outlives the session in which it began.
  if (later[0]?.type === 'unpause') spending.paused(first!.at);
  for (const { type, at } of later)
    if (type === 'pause') spending.paused(at);
    else spending.unpaused(at);
  return spending.session(now) / 1000;
}

/** `12 s`, `3 min`, `2.5 h`, `4 days`: as much as one wants to know of a guess. */
export function about(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 360_000) return `${Number((seconds / 3600).toPrecision(2))} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
