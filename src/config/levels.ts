import type { Level1, Level2 } from './run-config.ts';

/** Where points may be evaluated, by where their optimizer runs. */
export const EVALUATED_IN: Readonly<Record<Level1, readonly Level2[]>> = {
  inline: ['inline'],
  threads: ['inline', 'threads', 'processes', 'cluster'],
  // A child process may not have children of its own, unless it is forced.
  processes: ['inline', 'threads', 'cluster'],
  processes_forced: ['inline', 'threads', 'processes', 'cluster'],
};

/** The backends with which points can be evaluated in `level2`. */
export function backendsFor(level2: Level2): readonly string[] {
  return Object.entries(EVALUATED_IN)
    .filter(([, allowed]) => allowed.includes(level2))
    .map(([backend]) => backend);
}
