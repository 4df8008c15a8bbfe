import type { RunConfig } from '../config/run-config.ts';
import { VERSION } from '../version.ts';
import type { Books } from './books.ts';
import type { Departures } from './departures.ts';
import type { Recovered } from './recovery.ts';
import type { Recruiting } from './recruiting.ts';
import type { ManagerWorld } from './world.ts';

/** How a run is taken up again. */
export interface Resumption {
  /** Seconds that it took in earlier sessions. */
  readonly secondsBefore: number;
  /** What ended it the last time, if anything did. */
  readonly stopReason: string;
  /** What was changed, for the log. */
  readonly changes: readonly string[];
  /** Optimizers go on from their latest snapshots; evaluations that came after these are kept, and not replayed. */
  readonly isSnapshotOnly: boolean;
  /** What wrote the log, in words. */
  readonly writtenBy: string;
}

/** Puts into effect what was found in the log of a run that goes on: who ends, who goes on. */
export function takeUp(
  config: RunConfig,
  { log }: ManagerWorld,
  { chronicle }: Books,
  departures: Departures,
  recruiting: Recruiting,
  { survivors, revived, doomed, chosen }: Recovered,
  resumption: Resumption,
): void {
  // Evaluations of the best point are made anew: no more of them are missing than there were.
  const isLasting = ({ use }: (typeof survivors)[number]): boolean => use.name !== 'repeat' || isConfigured(config);
  const lasting = survivors.filter(isLasting);
  const { changes } = resumption;
  recruiting.park(lasting, chosen, resumption);
  log.atomically(() => {
    log.reviveOptimizers(revived.filter((id) => lasting.some((one) => one.id === id)));
    chronicle.tell({
      kind: 'operational',
      type: 'resumed',
      message: `${lasting.length} optimizers go on${changes.length > 0 ? `, with ${changes.join(', ')}` : ''}`,
      data: { revived, changes, glompo: VERSION, node: process.versions.node },
    });
  });
  for (const { id, wish } of doomed) {
    const type = log.optimizers().find(({ optimizerId }) => optimizerId === id)?.type ?? '';
    departures.close(id, type, wish);
  }
  for (const one of survivors)
    if (!isLasting(one))
      departures.close(one.id, one.use.name, { status: 'stopped', reason: 'its session ended' });
}

/** Whether the configuration itself names the optimizer that evaluations of the best point are made by. */
function isConfigured({ optimizers }: RunConfig): boolean {
  return optimizers.use.some(({ name }) => name === 'repeat');
}
