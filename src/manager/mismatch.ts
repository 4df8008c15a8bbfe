import type { HostEnd } from '../backends/protocol.ts';
import { CodedError } from '../core/errors.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import { RUNTIME, writerOf } from './session-facts.ts';

/** How a host ends that cannot bring its optimizer to where the log says it was. */
const CODES: ReadonlySet<string | undefined> = new Set([
  'replay-mismatch',
  'snapshot-invalid',
  'log-unusable',
]);

const FROM_SNAPSHOTS =
  'with --from-snapshots: optimizers then go on from their latest snapshots, and evaluations after these are kept, but unknown to them';

/**
 * An optimizer that does not do again what the log says must not go on, nor be taken for crashed: it may with the version that wrote
 * the log.
 *
 * @throws {CodedError} `replay-mismatch` with both versions, and what can be done
 */
export function refuseMismatch(optimizer: LiveOptimizer, end: HostEnd): void {
  if (!optimizer.isRevived || end.kind !== 'failed') return;
  const { id, use, version } = optimizer;
  // Its program or package is missing on this machine, for example.
  if (optimizer.phase === 'starting' && end.error.code === 'program-failed')
    throw new CodedError(
      'replay-mismatch',
      `optimizer ${id} (${use.name}) cannot go on: ${end.error.message}`,
    );
  if (!CODES.has(end.error.code)) return;
  const algorithm = version.logged === null ? '' : `, version ${version.logged} of the algorithm`;
  throw new CodedError(
    'replay-mismatch',
    `optimizer ${id} (${use.name}${algorithm}) cannot go on: ${end.error.message}. ` +
      `The log was written by ${version.writtenBy}; ${adviceFor(version.writtenBy, end.error.code)}`,
  );
}

function adviceFor(writtenBy: string, code: string | undefined): string {
  const here = writerOf(RUNTIME);
  const [difference, earlier] =
    writtenBy === here
      ? [
          'this is the same, so what has changed is a program, a package or a plug-in of the optimizer, or the log itself',
          'what it was',
        ]
      : [`this is ${here}`, 'that version'];
  // Snapshots are no way out where one of them is the fault.
  return `${difference}. Resume with ${earlier}${code === 'snapshot-invalid' ? '' : `, or ${FROM_SNAPSHOTS}`}`;
}

/** Whether a run that was to go on could not, as its optimizers could not. */
export function isMismatch(thrown: unknown): boolean {
  return thrown instanceof CodedError && CODES.has(thrown.code);
}
