import type { RunConfig } from '../config/run-config.ts';
import type { Books } from './books.ts';
import type { Distance } from './geometry.ts';
import { copyEvaluations, warmStartOf } from './warm-start.ts';
import type { ManagerWorld } from './world.ts';

/** Writes the first of a run into its log: all of it or nothing. Evaluations of another run, if it starts with such, come before all others. */
export function logBeginning(
  { manager, warmStart }: RunConfig,
  { log, clock }: ManagerWorld,
  { chronicle, space }: Books,
  distance: Distance,
): void {
  const { seed } = manager;
  log.atomically(() => {
    chronicle.tell({ kind: 'decision', type: 'run-started', message: `seed ${seed}`, data: { seed } });
    if (!warmStart) return;
    const facts = copyEvaluations(manager, warmStart, space, distance, log, clock.now());
    const { rows, leftOut, minima, run } = facts;
    const reasons = Object.entries(leftOut).filter(([, count]) => count > 0);
    const others = reasons.map(([why, count]) => `, ${count} left out (${why})`).join('');
    chronicle.tell({
      kind: 'decision',
      type: 'warm-start',
      message: `${rows} evaluations of ${run}, with ${minima.length} separate minima${others}`,
      data: { run, rows, leftOut },
    });
  });
}

/** Brings the books of a run that begins to where its log is. @returns whether there was anything in it */
export function readBeginning({ log }: ManagerWorld, { credits, record, predecessor }: Books): boolean {
  const facts = warmStartOf(log.facts());
  if (!facts) return false;
  predecessor.begin(facts);
  for (const evaluation of log.evaluations()) {
    record.add(evaluation);
    predecessor.passed(evaluation.callId);
  }
  credits.resume(facts.rows, 0, 0);
  return true;
}
