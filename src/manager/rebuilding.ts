import type { OptimizerPast } from '../backends/rebuild.ts';
import { decodeSaved } from '../backends/saved-optimizer.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { LoggedPast, RunLog } from '../log/contract.ts';
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

/**
 * What an optimizer of an earlier session did, from its latest snapshot that is whole. Without a damaged one the way is longer, and leads
 * to the same place.
 *
 * @param who names it in messages
 * @param isSnapshotOnly it is to go on from its latest snapshot, and from no other
 * @param onDamage told of each snapshot that is passed over
 * @throws {CodedError} `snapshot-invalid` when there is no way without a damaged one
 */
export function intactPast(
  log: RunLog,
  id: number,
  who: string,
  isSnapshotOnly: boolean,
  onDamage: (message: string) => void,
): LoggedPast {
  for (let skip = 0; ; skip++) {
    const past = log.past(id, skip);
    const damage = past.snapshot && damageOf(past.snapshot);
    if (damage === undefined) return past;
    if (isSnapshotOnly || past.isPinned)
      throw new CodedError(
        'snapshot-invalid',
        `${who} cannot go on: ${damage}${
          past.isPinned
            ? `, and what came before it cannot be replayed. Go on from before call ${past.snapshotCall} with --at`
            : '. Resume without --from-snapshots: all of what it did is then done again'
        }`,
      );
    onDamage(`${damage}; what it did before call ${past.snapshotCall} is done again without it`);
  }
}

function damageOf(snapshot: Uint8Array): string | undefined {
  try {
    decodeSaved(snapshot);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
