import type { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { LiveProgress } from '../log/figures.ts';
import { formatEvent, formatLine, formatValue } from './format.ts';
import type { WatchedRun } from './watch.ts';

const EVERY_MS = 200;
const LAST_EVENTS = 4;

/** One screen that is redrawn in place. What it last showed stays when it ends. */
export function showScreen(run: WatchedRun, stream: NodeJS.WriteStream): Disposable {
  let update: ReturnType<typeof createLogUpdate> | undefined;
  // What it needs to know all widths costs a start 25 ms: not before the first picture.
  const load = async (): Promise<void> => {
    const library = await import('log-update');
    update ??= library.createLogUpdate(stream);
  };
  let isOver = false;
  const events: string[] = [];
  const subscription = run.events$.subscribe((event) => {
    const line = formatEvent(event);
    if (line === undefined) return;
    events.push(line);
    if (events.length > LAST_EVENTS) events.shift();
  });
  const draw = (): void => {
    const progress = run.progress();
    if (!progress) return;
    if (!update) {
      void load().then(() => {
        if (!isOver) draw();
      });
      return;
    }
    // Lines that fit, and no more of them than there is room for: what the terminal wraps or scrolls cannot be redrawn.
    const room = Math.max(1, (stream.rows || 24) - 4 - events.length);
    const shown = progress.live.slice(0, room);
    const hidden = progress.live.length - shown.length;
    const holder = progress.best?.optimizerId;
    update(
      [
        pc.bold(fit(formatLine(progress), stream)),
        ...shown.map((one) => fit(formatLive(one, one.id === holder), stream)),
        ...(hidden > 0 ? [pc.dim(`  and ${hidden} more`)] : []),
        ...events.map((line) => pc.dim(fit(line, stream))),
      ].join('\n'),
    );
  };
  const timer = setInterval(draw, EVERY_MS);
  stream.on('resize', draw);
  return {
    [Symbol.dispose]() {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      stream.off('resize', draw);
      subscription.unsubscribe();
      if (!update) return;
      draw();
      update.done();
    },
  };
}

function formatLive({ id, type, phase, evaluations, best }: LiveProgress, isHolder: boolean): string {
  const value = `best ${formatValue(best)}`;
  return `${isHolder ? '*' : ' '} ${String(id).padStart(4)}  ${type.padEnd(14)}  ${String(evaluations).padStart(9)}  ${value}${phase === 'running' ? '' : `  ${phase}`}`;
}

function fit(line: string, stream: NodeJS.WriteStream): string {
  // 0 on a terminal that does not know its size.
  const columns = stream.columns || 80;
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}
