import { formatLine } from './format.ts';
import type { WatchedRun } from './watch.ts';

const EVERY_MS = 5000;
/** What is worth a line when it happens. */
const TOLD = new Set(['kill', 'stop', 'host-crashed', 'credits-lost', 'run-failed']);

/** Plain lines, for a file or a pipe: one every few seconds, and one for each kill, crash and stop. */
export function showLines(run: WatchedRun, stream: NodeJS.WritableStream): Disposable {
  const write = (line: string): void => {
    stream.write(`${line}\n`);
  };
  const subscription = run.events$.subscribe(({ type, message }) => {
    if (TOLD.has(type)) write(message);
  });
  const timer = setInterval(() => {
    const progress = run.progress();
    if (progress) write(formatLine(progress));
  }, EVERY_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      subscription.unsubscribe();
    },
  };
}
