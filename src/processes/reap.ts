import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { CodedError } from '../core/errors.ts';
import { killCgroup, removeCgroup } from './cgroup.ts';
import { bootId, COOKIES_VARIABLE, parseCookie, splitCookies, SUPERVISOR_VARIABLE } from './cookie.ts';
import { isFromHere } from './members.ts';
import { isProcUsable, lives, readTable, readVariables } from './proc.ts';
import { readRunRecord, type RecordedRun, removeRunRecord } from './record.ts';
import { sweep, type SweepReport } from './sweep.ts';

const NOTHING: SweepReport = { killed: [], left: [] };

/**
 * Ends what a run left whose manager and supervisor were killed together.
 *
 * @param directory the run's directory
 * @throws {CodedError} `run-directory` when there is no such directory, its manager lives, or it ran elsewhere and may have left something there
 */
export async function reapRun(directory: string): Promise<SweepReport> {
  if (!existsSync(directory)) throw new CodedError('run-directory', `there is no directory ${directory}`);
  const run = readRunRecord(directory);
  if (!run) return NOTHING;
  const owner = parseCookie(run.cookie)!;
  requireProc();
  if (!isFromHere(owner)) return reapElsewhere(directory, run);
  if (lives(owner))
    throw new CodedError(
      'run-directory',
      `the run in ${directory} is live: its manager is process ${owner.pid}; stop it instead`,
    );
  const report = await sweepRun(run);
  if (report.left.length === 0) removeRunRecord(directory);
  return report;
}

/** The same before a command uses a run directory. A live run, another machine's, or none at all is left alone. */
export async function sweepBeforeUse(directory: string): Promise<SweepReport> {
  if (!isProcUsable()) return NOTHING;
  const run = existsSync(directory) ? readRunRecord(directory) : undefined;
  const owner = run && parseCookie(run.cookie);
  if (!run || !owner || !isFromHere(owner) || lives(owner)) return NOTHING;
  return await reapRun(directory);
}

/**
 * The same for all runs whose manager is dead, found by the cookies of the processes that live.
 *
 * @remarks Processes of another user cannot be looked into, and are not touched.
 */
export async function reapAll(): Promise<SweepReport> {
  requireProc();
  const cookies = new Set(
    readTable()
      .flatMap(({ pid }) => readVariables(pid, [COOKIES_VARIABLE, SUPERVISOR_VARIABLE]))
      .flatMap(splitCookies),
  );
  const orphaned = [...cookies].filter((text) => {
    const owner = parseCookie(text);
    return owner !== undefined && owner.start > 0 && isFromHere(owner) && !lives(owner);
  });
  return orphaned.length === 0 ? NOTHING : await sweep({ cookies: orphaned });
}

async function sweepRun({ cookie, leaders, cgroup }: RecordedRun): Promise<SweepReport> {
  const report = await sweep({ cookies: [cookie], leaders });
  if (cgroup !== undefined) {
    killCgroup(cgroup);
    await removeCgroup(cgroup);
  }
  return report;
}

/** A restart of this machine left nothing; of another machine nothing can be said. */
function reapElsewhere(directory: string, { host, boot }: RecordedRun): SweepReport {
  if (host === hostname() && boot !== bootId()) return NOTHING;
  throw new CodedError(
    'run-directory',
    `the run in ${directory} ran on ${host}, or in another container there; only there can be seen what it left`,
  );
}

function requireProc(): void {
  if (isProcUsable()) return;
  throw new CodedError(
    'usage',
    'this needs /proc of this pid namespace (Linux); here, end what is left by hand',
  );
}
