import { describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../../src/index.ts';
import { filmOf, FRAME } from '../../../src/views/report/film.ts';
import { applyFrame } from '../../../src/views/story/picture.ts';
import { RunStory } from '../../../src/views/story/story.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';
import { parsedSvgs } from '../../support/xml.ts';

describe('the frames of a film', () => {
  it('are at moments that are evenly spread over the calls, up to the end of the run', async () => {
    using folder = new Folder();
    await using manager = new GloMPOManager({
      task: { benchmark: 'rastrigin', dimension: 3 },
      stop: { 'max-evaluations': 2000 },
      manager: { maxJobs: 3, backend: 'inline', seed: 7 },
      dir: folder.at('run'),
    });
    await manager.start();
    const story = new RunStory(folder.at('run'));
    story.look();
    const frames = parsedSvgs([...filmOf(applyFrame(undefined, story.frame()!), 4)]);
    const best = [500, 1000, 1500, 2000].map(
      (call) =>
        query<{ fx: number }>(
          folder.at('run'),
          `SELECT min(fx) AS fx FROM evaluations WHERE call_id <= ${call}`,
        )[0]!.fx,
    );
    expect(
      frames.map(({ title }) => /after ([\d,]+) evaluations, .*best ([^,]+),/.exec(title)?.slice(1)),
    ).toEqual(
      ['500', '1,000', '1,500', '2,000'].map((calls, i) => [calls, String(Number(best[i]!.toPrecision(10)))]),
    );
    // The axes stay where they are.
    const axes = frames.map(({ texts }) =>
      texts.filter((text) => /^[\d.,]+(?: s)?$/.test(text) && text.length > 2),
    );
    expect(new Set(axes.map((texts) => texts.slice(0, 5).join()))).toHaveLength(1);
    expect([FRAME.width % 2, FRAME.height % 2]).toEqual([0, 0]);
  });
});
