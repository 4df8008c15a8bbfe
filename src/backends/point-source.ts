import type { CodedError } from '../core/errors.ts';
import type { Optimizer } from '../optimizers/contract.ts';

/**
 * What a host gets its points from: an optimizer of ours as it is, whose every call is done when it returns, or one that thinks in
 * another process, and says when it has something.
 */
export interface PointSource extends Optimizer {
  /** Of one that thinks in another process. */
  readonly elsewhere?: Elsewhere;
}

/** Why one that thinks elsewhere cannot go on. */
export interface Fault {
  readonly error: CodedError;
  /** It broke no rule: its process is gone, and another one may do what it did. */
  readonly isDeath: boolean;
}

/** What is to be known of one that does not think in the host's own thread. `ask` gives what it has announced, and is never waited for. */
export interface Elsewhere extends AsyncDisposable {
  /** Of the algorithm; 0: it has none. */
  readonly version: number;
  /** It announces points, or its end, without being told anything more. */
  readonly isThinking: boolean;
  /** It was asked for its state: until that is there, and taken, nothing may be asked, told or shown. */
  readonly isHeld: boolean;
  readonly fault: Fault | undefined;
  /** Called when it announced something, or cannot go on. */
  onNews: () => void;
  /** Starts it, after `restore` if there is something to go on from. */
  open(): Promise<void>;
  /** Waits until so many announced points were not asked for, or no more are to come as things stand. */
  until(count: number): Promise<void>;
  /** @returns whether `snapshot` is its state as it is now; otherwise it is asked for that, and held */
  prepare(): boolean;
  /** Its state is not wanted any more. */
  release(): void;
  /** Ends it at once, with all that it started. */
  kill(): void;
}
