import { describe, expect, it } from 'vitest';
import { GloMPOManager, type GloMPOManagerOptions } from '../../../src/index.ts';
import { LogLookups } from '../../../src/log/lookups.ts';
import { applyFrame, type Picture } from '../../../src/views/story/picture.ts';
import { RunStory } from '../../../src/views/story/story.ts';
import { traceOf, zoomOf } from '../../../src/views/dashboard/api.ts';
import { eventsOf } from '../../../src/views/story/events.ts';
import { bestAt, evaluationsAt, momentOf, NOW, optimizersAt } from '../../../src/views/story/moment.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';

const OPTIONS: GloMPOManagerOptions = {
  task: { benchmark: 'rastrigin', dimension: 3 },
  optimizers: [{ 'cma-es': { populationSize: 8 } }, 'nelder-mead'],
  hunters: { 'evaluations-unmoving': { calls: 60, tolerance: 0.1 } },
  stop: { 'max-evaluations': 4000 },
  manager: { maxJobs: 3, backend: 'inline', huntFrequency: 100, seed: 7, shareBest: true },
};

async function run(dir: string, options: Partial<GloMPOManagerOptions> = {}): Promise<void> {
  await using manager = new GloMPOManager({ ...OPTIONS, ...options, dir } as GloMPOManagerOptions);
  await manager.start();
}

/** A picture without what only a live one has. */
function stable(picture: Picture): object {
  const { read: _, ...rest } = picture;
  return rest;
}

describe('the story of a run', () => {
  it('is the same, taken in bit by bit while it goes on, as from its log at the end', async () => {
    using folder = new Folder();
    const dir = folder.at('run');
    const story = new RunStory(dir);
    let picture: Picture | undefined;
    let revision = 0;
    let looks = 0;
    const look = (): void => {
      // A few rows at a time, so that most frames are parts.
      story.look(() => looks % 3 === 0);
      const frame = story.frame(revision);
      if (!frame) return;
      looks++;
      revision = frame.revision;
      // As it comes over the wire.
      picture = applyFrame(picture, JSON.parse(JSON.stringify(frame)) as typeof frame);
    };
    await using manager = new GloMPOManager({ ...OPTIONS, dir });
    manager.events$.subscribe(({ type }) => {
      if (type === 'hunt' || type === 'kill') look();
    });
    await manager.start();
    while (story.look() !== 'same');
    look();
    expect(looks).toBeGreaterThan(20);

    const afterwards = new RunStory(dir);
    afterwards.look();
    const whole = applyFrame(undefined, JSON.parse(JSON.stringify(afterwards.frame())));
    expect(stable(picture!)).toEqual(stable(whole));
  });

  it('says what the log says', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const story = new RunStory(folder.at('run'));
    story.look();
    const picture = applyFrame(undefined, story.frame()!);
    const [best] = query<{ fx: number; call_id: number; optimizer_id: number }>(
      folder.at('run'),
      'SELECT fx, call_id, optimizer_id FROM evaluations ORDER BY fx, call_id LIMIT 1',
    );
    expect(picture.run).toMatchObject({
      state: 'finished',
      evaluations: 4000,
      budget: 4000,
      best: { fx: best!.fx, call: best!.call_id, optimizer: best!.optimizer_id },
    });
    const logged = query<{ optimizer_id: number; status: string; evaluations: number; best_fx: number }>(
      folder.at('run'),
      'SELECT optimizer_id, status, evaluations, best_fx FROM optimizers ORDER BY 1',
    );
    expect(
      [...picture.optimizers.values()].map(({ id, status, evaluations, best: fx }) => ({
        optimizer_id: id,
        status,
        evaluations,
        best_fx: fx,
      })),
    ).toEqual(logged);
    expect(picture.run.counts.killed).toBe(logged.filter(({ status }) => status === 'killed').length);
    expect(picture.run.counts.killed).toBeGreaterThan(0);
    expect(picture.best).toHaveLength(200);
    const busy = query<{ ms: number }>(folder.at('run'), 'SELECT sum(duration_ms) AS ms FROM evaluations');
    expect(picture.load.values.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(busy[0]!.ms, 0);
  });

  it('can be looked at as it was at any call', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const story = new RunStory(folder.at('run'));
    story.look();
    const picture = applyFrame(undefined, story.frame()!);
    const moment = momentOf(picture, 1500);
    const [best] = query<{ fx: number }>(
      folder.at('run'),
      'SELECT min(fx) AS fx FROM evaluations WHERE call_id <= 1500',
    );
    expect(bestAt(picture, moment)?.fx).toBe(best!.fx);
    const started = query<{ id: number }>(
      folder.at('run'),
      'SELECT optimizer_id AS id FROM optimizers WHERE started_after_call <= 1500',
    );
    const alive = optimizersAt(picture, moment);
    expect(alive.map(({ id }) => id)).toEqual(started.map(({ id }) => id));
    expect(alive.filter(({ status }) => status === 'running').length).toBeGreaterThan(0);
    expect(momentOf(picture, 4000)).toEqual(NOW);
    expect(optimizersAt(picture, NOW)).toEqual([...picture.optimizers.values()]);
  });

  it.each([
    ['exactly while it is short', 300],
    ['as nearly as its columns are wide', 6000],
  ])('counts what had used the budget by any call, %s', async (_, budget) => {
    using folder = new Folder();
    const options = {
      task: { benchmark: 'sphere', dimension: 1 },
      parameters: [{ name: 'x1', type: 'integer', min: 0, max: 20_000 }],
      optimizers: [{ random: {} }],
      hunters: 'none',
      stop: { 'max-evaluations': budget },
    } satisfies Partial<GloMPOManagerOptions>;
    await run(folder.at('old'), options);
    await run(folder.at('run'), { ...options, warmStart: folder.at('old'), cache: true });
    const story = new RunStory(folder.at('run'));
    story.look();
    const picture = applyFrame(undefined, story.frame()!);
    const rows = query<{ counted: number }>(
      folder.at('run'),
      'SELECT counted FROM evaluations ORDER BY call_id',
    );
    // From the cache, behind those of the other run.
    expect(rows.slice(budget).some(({ counted }) => counted === 0)).toBe(true);
    const sums = rows.map(
      (
        (sum) =>
        ({ counted }) =>
          (sum += counted)
      )(0),
    );
    const errors = sums.map((sum, i) => Math.abs(sum - evaluationsAt(picture, momentOf(picture, i + 1))));
    expect(Math.max(...errors)).toBeLessThan(picture.calls.width);
    expect(evaluationsAt(picture, momentOf(picture, 0))).toBe(0);
    expect(evaluationsAt(picture, NOW)).toBe(budget);
  });

  it('leaves out the time between two sessions, and goes on with those that were revived', async () => {
    using folder = new Folder();
    await run(folder.at('run'), { stop: { 'max-evaluations': 1000 } });
    const before = query<{ at: number }>(folder.at('run'), 'SELECT max(at) AS at FROM events')[0]!.at;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await using resumed = GloMPOManager.resume(folder.at('run'), { set: ['stop.max-evaluations=2000'] });
    await resumed.start();
    const story = new RunStory(folder.at('run'));
    story.look();
    const { run: card, optimizers, marks } = applyFrame(undefined, story.frame()!);
    const { startedAt, endedAt } = story.frame()!.facts!;
    const [event] = query<{ at: number }>(folder.at('run'), "SELECT at FROM events WHERE type = 'resumed'");
    const gap = event!.at - before;
    expect(gap).toBeGreaterThan(1000);
    expect(card.time).toBeLessThan(endedAt! - startedAt - gap + 100);
    expect(marks.map(({ type }) => type)).toContain('resumed');
    const logged = query<{ status: string }>(
      folder.at('run'),
      'SELECT status FROM optimizers ORDER BY optimizer_id',
    );
    expect([...optimizers.values()].map(({ status }) => status)).toEqual(logged.map(({ status }) => status));
  });

  it('begins anew when another run takes the directory', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const story = new RunStory(folder.at('run'));
    story.look();
    const first = story.frame()!;
    await run(folder.at('run'), { overwrite: true, stop: { 'max-evaluations': 500 } });
    story.look();
    const second = story.frame(first.revision)!;
    expect(second.isWhole).toBe(true);
    expect(applyFrame(applyFrame(undefined, first), second).run.evaluations).toBe(500);
  });

  it('has no place for a log that is none, and can be asked again', async () => {
    using folder = new Folder();
    const story = new RunStory(folder.at('run'));
    expect(() => story.look()).toThrow('there is no run log');
    expect(story.frame()).toBeUndefined();
    await run(folder.at('run'));
    story.look();
    expect(story.frame()?.run.evaluations).toBe(4000);
  });
});

describe('what a page asks for', () => {
  it('is a part of the run, as finely as a screen shows it', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const story = new RunStory(folder.at('run'));
    story.look();
    const { tracks } = await zoomOf(story, new LogLookups(folder.at('run')), 'calls', 1000, 1400);
    const drawn = tracks.flatMap(({ points }) => points.filter((_, i) => i % 2 === 0));
    expect(Math.min(...drawn)).toBe(1000);
    expect(Math.max(...drawn)).toBe(1400);
    // Columns are narrower than a call: every evaluation is in it.
    const rows = query<{ id: number; fx: number }>(
      folder.at('run'),
      'SELECT optimizer_id AS id, fx FROM evaluations WHERE call_id BETWEEN 1000 AND 1400',
    );
    const values = tracks.flatMap(({ id, points }) =>
      points.filter((_, i) => i % 4 === 1).map((fx) => ({ id, fx })),
    );
    expect(values).toHaveLength(rows.length);
    const times = await zoomOf(story, new LogLookups(folder.at('run')), 'times', 0, 1e9);
    expect(times.tracks.flatMap(({ points }) => points).length).toBeGreaterThan(0);
  });

  it('is looked for in a long log bit by bit, and no further when nobody wants it any more', async () => {
    using folder = new Folder();
    await run(folder.at('run'), {
      optimizers: ['random'],
      hunters: 'none',
      stop: { 'max-evaluations': 45_000 },
    });
    const story = new RunStory(folder.at('run'));
    story.look();
    const lookups = new LogLookups(folder.at('run'));
    let turns = 0;
    const ticking = setInterval(() => turns++, 0);
    const { tracks } = await zoomOf(story, lookups, 'calls', 0, 45_000);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(2);
    expect(tracks.flatMap(({ points }) => points.filter((_, i) => i % 2 === 0))).toContain(45_000);
    // No further than the log goes.
    expect((await zoomOf(story, lookups, 'calls', 0, 1e15)).tracks).not.toEqual([]);
    await expect(zoomOf(story, lookups, 'times', 0, 1e12, AbortSignal.abort())).rejects.toThrow('aborted');
  });

  it('is what became of a parameter, at points that are in the log', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const story = new RunStory(folder.at('run'));
    story.look();
    const lookups = new LogLookups(folder.at('run'));
    const frame = story.frame()!;
    const { parameter, tracks } = traceOf(frame, frame.facts!.names, lookups, 1);
    expect(parameter).toBe('x2');
    const [id, call, value] = [tracks[0]!.id, tracks[0]!.points[0]!, tracks[0]!.points[1]!];
    expect(lookups.evaluation(call)).toMatchObject({ optimizerId: id === 0 ? expect.any(Number) : id });
    expect(lookups.evaluation(call)!.x[1]).toBe(value);
  });

  it('is what happened, the latest first, with the reasons of every hunt', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const story = new RunStory(folder.at('run'));
    story.look();
    const lookups = new LogLookups(folder.at('run'));
    const hunts = eventsOf(story, lookups, { types: ['hunt'], limit: 500 });
    expect(hunts).toHaveLength(query(folder.at('run'), "SELECT 1 FROM events WHERE type = 'hunt'").length);
    expect(hunts[0]!.id).toBeGreaterThan(hunts[1]!.id);
    const spared = hunts.flatMap(
      ({ data }) => (data as { spared: { optimizer: number; explanation: string }[] }).spared,
    );
    expect(spared.length).toBeGreaterThan(10);
    for (const { explanation } of spared) expect(explanation).toMatch(/evaluations-unmoving\(.+\) false$/);
    const early = eventsOf(story, lookups, { upTo: 300, limit: 500 });
    expect(early.every(({ call }) => call <= 300)).toBe(true);
    const [next] = eventsOf(story, lookups, { before: hunts[0]!.id, types: ['hunt'], limit: 1 });
    expect(next).toEqual(hunts[1]);
    const of2 = eventsOf(story, lookups, { optimizer: 2, limit: 500 });
    expect(new Set(of2.map(({ optimizer }) => optimizer))).toEqual(new Set([2]));
  });
});
