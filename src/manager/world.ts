import type { HostLauncher } from '../backends/hosts/contract.ts';
import type { Clock } from '../core/clock.ts';
import type { TaskGeometry } from '../tasks/contract.ts';
import type { RunLog } from '../log/contract.ts';

/** The manager's world, passed in so that the same manager runs in a simulation. */
export interface ManagerWorld {
  readonly clock: Clock;
  readonly log: RunLog;
  readonly launcher: HostLauncher;
  /** What the task says of where its points are. */
  readonly geometry?: TaskGeometry;
  /** Where the log is, for the result. */
  readonly runDir: string;
}
