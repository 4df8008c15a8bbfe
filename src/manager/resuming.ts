import type { JsonObject } from '../core/json.ts';
import { VERSION } from '../version.ts';
import type { Books } from './books.ts';
import type { Departures } from './departures.ts';
import { isRepetition, type Recovered, type Survivor } from './recovery.ts';
import type { Recruiting } from './recruiting.ts';
import type { ManagerWorld } from './world.ts';

/** How a run is taken up again. */
export interface Resumption {
  /** Seconds that it took in earlier sessions. */
  readonly secondsBefore: number;
  /** What was changed, for the log. */
  readonly changes: readonly string[];
  /** Optimizers go on from their latest snapshots; evaluations that came after these are kept, and not replayed. */
  readonly isSnapshotOnly: boolean;
  /** What wrote the log, in words. */
  readonly writtenBy: string;
  /** What is run now and by what: in the log as soon as the run has gone on, and not before. */
  readonly identity: JsonObject;
}

/** Puts into effect what was found in the log of a run that goes on: who ends, who goes on. */
export function takeUp(
  { log }: ManagerWorld,
  { chronicle }: Books,
  departures: Departures,
  recruiting: Recruiting,
  { survivors, revived, doomed, chosen, endingReason }: Recovered,
  resumption: Resumption,
): void {
  // A run at its end goes on with the evaluations of its best point, and with nothing else.
  const isLasting = (one: Survivor): boolean => isRepetition(one) === (endingReason !== undefined);
  const lasting = survivors.filter(isLasting);
  const { changes } = resumption;
  recruiting.park(lasting, chosen, resumption);
  // Killed before this, it is the run that it was; after it, the one that it is now.
  log.atomically(() => {
    log.set(resumption.identity);
    log.reviveOptimizers(revived.filter((id) => lasting.some((one) => one.id === id)));
    chronicle.tell({
      kind: 'operational',
      type: 'resumed',
      message: `${lasting.length} optimizers go on${changes.length > 0 ? `, with ${changes.join(', ')}` : ''}`,
      data: {
        revived,
        changes,
        isEnding: endingReason !== undefined,
        glompo: VERSION,
        node: process.versions.node,
      },
    });
  });
  // Those of a round that is not complete end with it.
  if (log.arrived().length === 0) for (const { id, type, wish } of doomed) departures.close(id, type, wish);
  for (const one of survivors)
    if (!isLasting(one))
      departures.close(one.id, one.use.name, {
        status: 'stopped',
        reason: endingReason ?? 'its session ended',
      });
}
