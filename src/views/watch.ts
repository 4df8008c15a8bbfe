import type { Observable } from 'rxjs';
import type { LoggedEvent } from '../log/contract.ts';
import type { RunProgress } from '../log/figures.ts';
import { showLines } from './lines.ts';
import { showScreen } from './screen.ts';

/** A run as a view sees it. */
export interface WatchedRun {
  readonly events$: Observable<LoggedEvent>;
  progress(): RunProgress | undefined;
}

/** Shows a run while it goes on: redrawn in place on a terminal, as plain lines otherwise. Disposing of it ends the view. */
export function watchRun(run: WatchedRun, stream: NodeJS.WriteStream, isTerminal: boolean): Disposable {
  return isTerminal ? showScreen(run, stream) : showLines(run, stream);
}
