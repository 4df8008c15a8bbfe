import { query } from './database.ts';

/** What a reproducible run has in its log whatever it ran on: its evaluations and decisions, without the times at which they came. */
export function recordOf(directory: string): {
  readonly evaluations: readonly object[];
  readonly decisions: readonly object[];
} {
  return {
    evaluations: query<object>(
      directory,
      `SELECT call_id, optimizer_id, candidate_id, hex(x) AS x, fx, status, counted, error, violation, extras FROM evaluations
       ORDER BY call_id`,
    ),
    decisions: query<object>(
      directory,
      `SELECT call_id, type, optimizer_id, message, data FROM events WHERE kind = 'decision' ORDER BY event_id`,
    ),
  };
}
