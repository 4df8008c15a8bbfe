import { formatEvent, formatLine } from './format.ts';
import type { WatchedRun } from './watch.ts';

const EVERY_MS = 5000;

/** Plain lines, for a file or a pipe: one every few seconds, and one for each end, crash and stop. */
export function showLines(run: WatchedRun, stream: NodeJS.WritableStream): Disposable {
  const write = (line: string): void => {
    stream.write(`${line}\n`);
  };
  const subscription = run.events$.subscribe((event) => {
    const line = formatEvent(event);
    if (line !== undefined) write(line);
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
