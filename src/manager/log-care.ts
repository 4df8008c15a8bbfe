import { statfsSync, statSync } from 'node:fs';
import type { ManagerSettings } from '../config/run-config.ts';
import type { Clock } from '../core/clock.ts';
import { LogCopies } from '../log/copies.ts';
import { filesystemOf, type FilesystemProbe } from '../log/filesystem.ts';
import type { LogHome } from '../log/home.ts';
import { filesOfLog } from '../log/place.ts';
import { FreeSpaceGuard } from './free-space.ts';
import type { Run } from './run.ts';

/** Looks after the log of a run that has started: warns of where it is, copies it home, and keeps it from filling the disk. */
export function careForLog(
  run: Run,
  home: LogHome,
  { logCopySeconds, minFreeBytes }: ManagerSettings,
  runDir: string,
  clock: Clock,
): AsyncDisposable {
  const care = new AsyncDisposableStack();
  const warning = warningOf(home);
  if (warning !== undefined) run.note('network-filesystem', warning);
  if (home.isAway)
    care.use(
      new LogCopies({
        file: home.file,
        runDir,
        everySeconds: logCopySeconds,
        clock,
        onFailure: (message) => {
          run.note('log-copy-failed', message);
        },
      }),
    );
  const { directory } = home;
  const guard = care.use(
    new FreeSpaceGuard({ run, space: spaceOf(directory), clock, directory, minFreeBytes }),
  );
  const events = run.events$.subscribe(({ type, data }) => {
    if (type === 'unpause' && !data.reason.startsWith('free-space:')) guard.overrule();
  });
  care.defer(() => {
    events.unsubscribe();
  });
  return care;
}

/** What is to be said of a log whose directory other machines share. */
export function warningOf(
  { directory, isAway }: Pick<LogHome, 'directory' | 'isAway'>,
  probe: FilesystemProbe = (path) => filesystemOf(path),
): string | undefined {
  const { type, isNetwork } = probe(directory);
  if (!isNetwork) return undefined;
  return `the run log is in ${directory}, on a network filesystem (${type}), where SQLite's write-ahead log is safe for one machine alone: do not read it from another while the run goes on; ${isAway ? 'manager.logDir is meant to be' : 'set manager.logDir to a directory'} on a local disk`;
}

function spaceOf(directory: string): { freeBytes(): number; logBytes(): number } {
  return {
    freeBytes: () => freeBytes(directory),
    logBytes: () =>
      filesOfLog(directory).reduce(
        (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
        0,
      ),
  };
}

/** What one who is not the administrator may still write to the disk that a directory is on. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
