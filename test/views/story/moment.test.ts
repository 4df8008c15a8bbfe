import { describe, expect, it } from 'vitest';
import { NOW, slotsAt } from '../../../src/views/story/moment.ts';
import { applyFrame, type Picture } from '../../../src/views/story/picture.ts';
import { RunStory } from '../../../src/views/story/story.ts';
import { startCli } from '../../support/cli.ts';
import { hasNats } from '../../support/cluster.ts';
import { evaluationsIn, prepare, until } from '../../support/cluster-run.ts';
import { Folder } from '../../support/folder.ts';

function pictureOf(dir: string): Picture {
  const story = new RunStory(dir);
  while (story.look() !== 'same');
  return applyFrame(undefined, story.frame()!);
}

describe.skipIf(!hasNats)('slots of other machines', () => {
  it('are those that are there, and how their time is used is told as the log tells it', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 5000);
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = (slots: string): ReturnType<typeof startCli> =>
      startCli(['worker', 'fit.yaml', '--join', dir, '--slots', slots], folder.path);
    const [stays, goes] = [worker('2'), worker('3')];
    await until(() => evaluationsIn(dir) > 10 && pictureOf(dir).run.cluster?.slots === 5);
    goes.kill('SIGTERM');
    await until(() => pictureOf(dir).run.cluster?.slots === 2 && pictureOf(dir).run.utilisation !== null);
    const picture = pictureOf(dir);
    expect(slotsAt(picture, NOW)).toEqual({ all: 2, share: picture.run.utilisation!.share });
    expect(picture.facts.slots).toBe(5);
    for (const one of [run, stays]) one.kill('SIGKILL');
    await Promise.all([run, stays, goes]);
  });
});
