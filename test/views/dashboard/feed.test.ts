import { describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../../src/index.ts';
import { SqliteLog } from '../../../src/log/sqlite-log.ts';
import { Feed, type Watcher } from '../../../src/views/dashboard/feed.ts';
import type { Frame } from '../../../src/views/story/frame.ts';
import { RunStory } from '../../../src/views/story/story.ts';
import { Folder } from '../../support/folder.ts';

async function run(dir: string, evaluations: number): Promise<void> {
  await using manager = new GloMPOManager({
    task: { benchmark: 'sphere', dimension: 2 },
    optimizers: ['random'],
    hunters: 'none',
    stop: { 'max-evaluations': evaluations },
    manager: { maxJobs: 2, backend: 'inline', seed: 1 },
    dir,
    overwrite: true,
  });
  await manager.start();
}

/** Notes what it is told, and takes as long for a frame as it is told to. */
class Notes implements Watcher {
  readonly frames: Frame[] = [];
  readonly troubles: string[] = [];
  readonly #taken: Promise<void>;
  hasEnded = false;

  constructor(taken: Promise<void> = Promise.resolve()) {
    this.#taken = taken;
  }

  async frame(frame: Frame): Promise<void> {
    this.frames.push(frame);
    await this.#taken;
  }

  async trouble(message: string): Promise<void> {
    this.troubles.push(message);
    await this.#taken;
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    await this.#taken;
  }
}

/** Of one who reads nothing. */
const NEVER: Promise<void> = new Promise(() => {});

describe('the feed of a page', () => {
  it('lets nobody who does not read hold up the others, or its end', async () => {
    using folder = new Folder();
    await using feed = new Feed(new RunStory(folder.at('run')));
    const [deaf, other] = [new Notes(NEVER), new Notes()];
    using seats = new DisposableStack();
    for (const watcher of [deaf, other]) seats.use(feed.watch(watcher));
    await expect.poll(() => other.troubles.length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(other.troubles[0]).toContain('there is no run log');
    expect(deaf.troubles).toHaveLength(1);
    await run(folder.at('run'), 100);
    await expect.poll(() => other.frames.at(-1)?.run.evaluations, { timeout: 10_000 }).toBe(100);
    await feed.end();
    expect(other.hasEnded).toBe(true);
  });

  it('gives the last of a run also to one who has not taken what came before', async () => {
    using folder = new Folder();
    await run(folder.at('run'), 100);
    await using feed = new Feed(new RunStory(folder.at('run')));
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = new Notes(promise);
    using _ = feed.watch(slow);
    await expect.poll(() => slow.frames.length).toBe(1);
    await run(folder.at('run'), 200);
    const ending = feed.end();
    // By then nobody else is waited for.
    setTimeout(resolve, 700);
    await ending;
    expect(slow.frames.at(-1)?.run.evaluations).toBe(200);
    expect(slow.hasEnded).toBe(true);
  });

  it('says so where a log has nothing in it', async () => {
    using folder = new Folder();
    new SqliteLog(folder.at('run.sqlite'), 2).close();
    await using feed = new Feed(new RunStory(folder.path));
    const notes = new Notes();
    using _ = feed.watch(notes);
    await expect.poll(() => notes.troubles.at(0)).toContain('there is nothing in it');
  });

  it('begins again for one who comes after all others have gone', async () => {
    using folder = new Folder();
    await run(folder.at('run'), 100);
    await using feed = new Feed(new RunStory(folder.at('run')));
    for (let visit = 0; visit < 3; visit++) {
      const notes = new Notes();
      using _ = feed.watch(notes);
      await expect.poll(() => notes.frames.length).toBeGreaterThan(0);
      expect(notes.frames[0]!.isWhole).toBe(true);
    }
  });
});
