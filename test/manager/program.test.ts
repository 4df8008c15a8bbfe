import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  all,
  ConfigError,
  GloMPOManager,
  type GloMPOManagerOptions,
  type ManagerEvent,
} from '../../src/index.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const fail = (): never => {
  throw new Error('no disk');
};

describe('a run that a program started', () => {
  it('is made from sections as in YAML, with events whose type says what their data is', async () => {
    using folder = new Folder();
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension: 2 },
      optimizers: ['cma-es'],
      hunters: all({ 'min-evaluations': 50 }, { 'best-unmoving': { calls: 10, tolerance: 1 } }),
      stop: { 'max-evaluations': 1000 },
      manager: { backend: 'inline', maxJobs: 3, huntFrequency: 50 },
      dir: folder.at('run'),
    });
    const explanations: string[] = [];
    const seeds: number[] = [];
    manager.events$.subscribe((event: ManagerEvent) => {
      if (event.type === 'kill') explanations.push(event.data.explanation);
      if (event.type === 'run-started') seeds.push(event.data.seed);
    });
    const { evaluations, optimizers, seed, runDir } = await manager.start();
    expect(evaluations).toBe(1000);
    expect(explanations).toHaveLength(optimizers.killed);
    expect(explanations[0]).toMatch(/^all\(min-evaluations/);
    expect(seeds).toEqual([seed]);
    expect(runDir).toBe(folder.at('run'));
  });

  it('is not suspended by a time limit of months, and by none that is no time', async () => {
    using folder = new Folder();
    const limited = (timeLimitSeconds: number): GloMPOManager =>
      new GloMPOManager({
        task: { benchmark: 'sphere', dimension: 2 },
        stop: { 'max-evaluations': 1000 },
        manager: { backend: 'inline' },
        dir: folder.at('run'),
        timeLimitSeconds,
      });
    await using manager = limited(5e6);
    expect(await manager.start()).toMatchObject({ evaluations: 1000, isSuspended: false });
    for (const none of [0, -1, NaN, '60' as never])
      expect(() => limited(none)).toThrow(/^timeLimitSeconds: /);
  });

  it.each(['log', 'hears'])('does not depend on its logger, also when that throws (%s)', async (method) => {
    using folder = new Folder();
    const warnings: string[] = [];
    const note = ({ name, message }: Error): void =>
      void (name === 'LoggerWarning' && warnings.push(message));
    process.on('warning', note);
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension: 2 },
      stop: { 'max-evaluations': 1000 },
      manager: { backend: 'inline' },
      dir: folder.at('run'),
      logger: { log: fail, ...(method === 'hears' ? { hears: fail } : {}) },
    });
    try {
      expect(await manager.start()).toMatchObject({ evaluations: 1000 });
      expect(warnings).toEqual(['the logger of a run threw: no disk; the run goes on']);
    } finally {
      process.off('warning', note);
    }
  });

  it('says when the best value came, in this session and in later ones, and what time is left', async () => {
    using folder = new Folder();
    const begun = Date.now();
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension: 2 },
      optimizers: ['random'],
      stop: { any: [{ 'max-evaluations': 200 }, { 'max-seconds': 1000 }] } as never,
      manager: { backend: 'inline', maxJobs: 1 },
      dir: folder.at('run'),
    });
    const currents: (number | null)[] = [];
    manager.events$.subscribe(({ type }) => {
      if (type === 'stop') currents.push(...manager.progress()!.live.map(({ current }) => current));
    });
    await manager.start();
    const { best, secondsLeft, isPaused } = manager.progress()!;
    expect(best!.at).toBeGreaterThanOrEqual(begun - 1);
    expect(best!.at).toBeLessThanOrEqual(Date.now());
    expect(secondsLeft).toBeGreaterThan(900);
    expect(isPaused).toBe(false);
    const [last] = query<{ fx: number }>(folder.at('run'), 'SELECT fx FROM evaluations WHERE call_id = 200');
    expect(currents).toEqual([last!.fx]);
    await using later = GloMPOManager.resume(folder.at('run'), { set: ['stop.any[0].max-evaluations=201'] });
    await later.start();
    const then = later.progress()!;
    // The best of 200 random points is hardly beaten by the next one.
    if (then.best!.callId === best!.callId)
      // In the log it is the sum of two numbers.
      expect(then.best).toEqual({ ...best, at: expect.closeTo(best!.at!, 1) as number });
    else expect(then.best!.callId).toBe(201);
  });

  it('is made from a file', async () => {
    using folder = new Folder();
    const config = folder.write(
      'sphere.yaml',
      'task: { benchmark: sphere, dimension: 2 }\nstop: { max-evaluations: 10 }\nmanager: { backend: inline }\n',
    );
    await using manager = new GloMPOManager({ config, dir: folder.at('run') });
    expect(await manager.start()).toMatchObject({ evaluations: 10 });
  });

  it('is not begun when there is a mistake', async () => {
    using folder = new Folder();
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension: 2 },
      manager: { maxJobs: 0.5 },
      dir: folder.at('run'),
    });
    await expect(manager.start()).rejects.toThrow(ConfigError);
    await expect(manager.start()).rejects.toThrow('manager.maxJobs: expected an integer >= 1, got 0.5');
    expect(existsSync(folder.at('run'))).toBe(false);
    expect(manager.progress()).toBeUndefined();
  });

  it('refuses what is no option, from a program without types', async () => {
    using folder = new Folder();
    const options = {
      task: { benchmark: 'sphere', dimension: 2 },
      generatr: 'sobol',
      dir: folder.at('run'),
    } as unknown as GloMPOManagerOptions;
    await using manager = new GloMPOManager(options);
    await expect(manager.start()).rejects.toThrow('generatr: unknown option; did you mean generator?');
  });
});
