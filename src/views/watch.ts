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

/** `screen`: redrawn in place; `lines`: plain lines of figures and of what happens; `figures`: without what happens. */
export type View = 'screen' | 'lines' | 'figures' | 'none';

/** Shows a run while it goes on. Disposing of it ends the view. */
export function watchRun(run: WatchedRun, stream: NodeJS.WriteStream, view: View): Disposable {
  switch (view) {
    case 'screen':
      return showScreen(run, stream);
    case 'lines':
    case 'figures':
      return showLines(run, stream, view === 'lines');
    case 'none':
      return new DisposableStack();
  }
}
