import type { CustodyTicket } from '../processes/custody.ts';

/** What a task that starts programs is given by where it runs. */
export interface TaskWorld {
  /** Where its programs are started from, so that none outlives the run; they are on their own when not given. */
  readonly custody?: CustodyTicket | undefined;
  /** An absolute path below which each evaluation may have a directory; that of temporary files when not given. */
  readonly workRoot?: string | undefined;
  /** Told why a program could not be given what it needs: nothing that an evaluation says of its point. */
  readonly unable?: ((why: string) => void) | undefined;
  /** Takes what its programs print. */
  print(stream: 'out' | 'err', chunk: Uint8Array): void;
}
