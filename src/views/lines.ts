import { formatEvent, formatLine } from './format.ts';
import { painter, styleOf, type Tone } from './terminal/style.ts';
import type { WatchedRun } from './watch.ts';

const EVERY_MS = 5000;

/**
 * Plain lines, for a file or a pipe: one every few seconds, and one for each end, crash and stop.
 *
 * @param isTelling whether it tells what happens, besides how the run stands
 */
export function showLines(run: WatchedRun, stream: NodeJS.WriteStream, isTelling: boolean): Disposable {
  const toText = painter(styleOf(stream, process.env));
  const write = (text: string, tone: Tone): void => {
    stream.write(`${toText({ text, tone })}\n`);
  };
  const subscription = isTelling
    ? run.events$.subscribe((event) => {
        const line = formatEvent(event);
        if (line !== undefined) write(line, 'faint');
      })
    : undefined;
  const timer = setInterval(() => {
    const progress = run.progress();
    if (progress) write(formatLine(progress), 'plain');
  }, EVERY_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      subscription?.unsubscribe();
    },
  };
}
