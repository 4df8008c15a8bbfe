import type { HostLauncher } from '../backends/hosts/contract.ts';
import type { OutputSink } from '../backends/hosts/output.ts';
import type { Level1 } from '../config/run-config.ts';
import type { Clock } from '../core/clock.ts';
import type { RunLog } from '../log/contract.ts';

/** The manager's world, passed in so that the same manager runs in a simulation. */
export interface ManagerWorld {
  readonly clock: Clock;
  readonly log: RunLog;
  readonly launcher: HostLauncher;
  /** Where the log is, for the result. */
  readonly runDir: string;
}

/** The level-1 backend of a configuration. What it needs is loaded with it, and nothing else. */
export async function createLauncher(
  backend: Level1,
  clock: Clock,
  output: OutputSink,
): Promise<HostLauncher> {
  switch (backend) {
    case 'inline': {
      const { InlineLauncher } = await import('../backends/hosts/inline.ts');
      return new InlineLauncher(clock, output);
    }
    case 'threads': {
      const { ThreadLauncher } = await import('../backends/hosts/threads.ts');
      return new ThreadLauncher(output);
    }
    case 'processes':
    case 'processes_forced': {
      const { ProcessLauncher } = await import('../backends/hosts/processes.ts');
      return new ProcessLauncher(output);
    }
  }
}
