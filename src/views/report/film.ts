import { bestAt, evaluationsAt, momentOf, optimizersAt } from '../story/moment.ts';
import type { Picture } from '../story/picture.ts';
import { taskText } from './config-text.ts';
import { escaped } from './escape.ts';
import { paint } from './paint.ts';
import { fitted, moved, picture } from './plot.ts';
import { BEST_ENTRY, endEntries, legend, markEntries, typeEntries } from './signs.ts';
import { slotsPanel } from './slots.ts';
import { valuesPanel } from './values.ts';
import { colouring } from '../story/colours.ts';
import { count, counted, duration, figure } from '../story/words.ts';

/** Of a frame, in units of the picture; even, as films need it. */
export const FRAME = { width: 960, height: 540 } as const;

const HEAD = 44;
const VALUES = 296;
const LEGEND = 40;

/**
 * A run as it went on: the picture at moments that are evenly spread over its calls. The last one is its end.
 *
 * @param frames how many
 */
export function* filmOf(of: Picture, frames: number): Generator<string, void> {
  for (let i = 1; i <= frames; i++) yield frameAt(of, Math.round((of.read.calls * i) / frames));
}

function frameAt(of: Picture, call: number): string {
  const until = momentOf(of, call);
  const best = bestAt(of, until);
  const optimizers = optimizersAt(of, until);
  const killed = optimizers.filter(({ status }) => status === 'killed').length;
  const time = Math.min(until.time, of.run.time);
  const words = [
    counted(evaluationsAt(of, until), 'evaluation'),
    duration(time),
    best ? `best ${figure(best.fx, 10)}` : 'no value yet',
    `${counted(optimizers.length, 'optimizer')} started, ${count(killed)} killed`,
  ];
  const all = [...of.optimizers.values()];
  const colour = colouring(all.map(({ type }) => type));
  const entries = [BEST_ENTRY, ...endEntries(all), ...markEntries(of.marks), ...typeEntries(all, colour)];
  const { width, height } = FRAME;
  const title = fitted(taskText(of.facts.config['task']), width / 2);
  return picture(
    width,
    height,
    `The run after ${words.join(', ')}`,
    `<text x="16" y="20" font-size="14"${paint({ fill: 'ink' })}>${escaped(title)}</text><text x="16" y="38" font-size="13"${paint({ fill: 'soft' })}>${escaped(words.join(' · '))}</text>` +
      moved(0, HEAD, valuesPanel(of, { until, width, height: VALUES })) +
      moved(0, HEAD + VALUES, legend(entries, 62, width).content) +
      moved(
        0,
        HEAD + VALUES + LEGEND,
        slotsPanel(of, { until, width, height: height - HEAD - VALUES - LEGEND }),
      ),
  );
}
