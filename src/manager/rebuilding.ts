import type { OptimizerPast } from '../backends/rebuild.ts';
import type { LoggedPast } from '../log/contract.ts';
import { readJournal } from '../optimizers/journal.ts';

/** What a host is sent of the past: the points that were injected are looked up, since the journal only names their calls. */
export function pastOf({ point, ...past }: LoggedPast): OptimizerPast {
  const injected = new Map<number, { readonly x: Float64Array; readonly fx: number }>();
  for (const operation of readJournal(past.operations)) {
    if (operation.kind !== 'inject') continue;
    const found = point(operation.callId);
    if (found) injected.set(operation.callId, found);
  }
  return { ...past, injected };
}
