import type { HostExit } from '../backends/hosts/contract.ts';
import type { HostBatch } from '../backends/protocol.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import type { Recovered } from './recovery.ts';

/** When things happen in a run: as they come, or in rounds. */
export interface Pace {
  /** Takes in what a host did: into the log, then into the books; then comes what is due. */
  take(optimizer: LiveOptimizer, batch: HostBatch): void;
  /** Takes in at once what has come and waits for its turn. */
  settle(): void;
  /** Fills free slots and hands out credits. */
  feed(): void;
  /** A host is gone, and no other goes on in its place. */
  exited(optimizer: LiveOptimizer, exit: HostExit): void;
  /** The run is to end: tells all optimizers, which may finish what they run. */
  end(reason: string): void;
  /** Goes on as it was when the log ended. */
  restore(recovered: Recovered): void;
}

/** What a pace needs of the run. */
export interface Conductor {
  /** Whether anything is started and decided: the run goes on, and is not paused. */
  readonly isFeeding: boolean;
  /** Whether everything stands still until the run, or its next session, goes on. */
  readonly isHolding: boolean;
  /** Whether optimizers of an earlier session are still to come. */
  readonly isExpecting: boolean;
  /** Fills free slots. */
  fill(): void;
  /** Ends the run if it is time. */
  check(): void;
  /** Something was taken in, and its host is told so. */
  settled(): void;
  /** Carries out what may throw; that it did is the run's failure, not the caller's. */
  guard(step: () => void): void;
}
