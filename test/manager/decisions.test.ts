import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

interface LoggedEvent {
  readonly type: string;
  readonly callId: number;
  readonly optimizerId: number | null;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Runs a configuration to its end, in this thread. */
async function run(
  folder: Folder,
  config: Readonly<Record<string, unknown>>,
  manager: Readonly<Record<string, unknown>> = {},
): Promise<RunResult> {
  const resolved = await resolveConfig(
    { ...config, manager: { maxJobs: 3, backend: 'inline', containment: 'none', seed: 5, ...manager } },
    { baseDir: folder.path },
  );
  await using started = new GloMPOManager({ config: resolved, dir: folder.at('run'), overwrite: true });
  return await started.start();
}

function eventsOf(folder: Folder, type: string): readonly LoggedEvent[] {
  return query<{ [Key in keyof LoggedEvent]: Key extends 'data' ? string : LoggedEvent[Key] }>(
    folder.at('run'),
    `SELECT type, call_id callId, optimizer_id optimizerId, message, data FROM events WHERE type = '${type}' ORDER BY rowid`,
  ).map((event) => ({ ...event, data: JSON.parse(event.data) as LoggedEvent['data'] }));
}

const RASTRIGIN = { task: { benchmark: 'rastrigin', dimension: 4 }, optimizers: ['cma-es'] };

describe('hunts', () => {
  it('are explained, with the values of all conditions at that moment, by whoever holds the best value', async () => {
    using folder = new Folder();
    await run(
      folder,
      {
        ...RASTRIGIN,
        hunters: {
          all: [{ 'min-evaluations': 100 }, { not: { 'optimizer-type': { types: ['random'] } } }],
        },
        stop: { 'max-evaluations': 2000 },
      },
      { huntFrequency: 100 },
    );
    const kills = eventsOf(folder, 'kill');
    expect(kills.length).toBeGreaterThan(1);
    for (const { message, callId, optimizerId } of kills) {
      expect(message).toMatch(
        /^optimizer \d+ killed by \d+: all\(min-evaluations\(\d+ >= 100\) true, not\(optimizer-type\(.*\) false\) true\) true$/,
      );
      expect(callId % 100).toBe(0);
      // The holder of the best value is immune.
      expect(message).not.toContain(`optimizer ${optimizerId} killed by ${optimizerId}:`);
    }
  });

  it('may kill the best only when they are told so', async () => {
    using folder = new Folder();
    const config = { ...RASTRIGIN, hunters: { 'min-evaluations': 1 }, stop: { 'max-evaluations': 1000 } };
    await run(folder, config, { huntFrequency: 50, huntBest: true });
    const suicides = eventsOf(folder, 'kill').filter(({ message }) =>
      /^optimizer (\d+) killed by \1:/.test(message),
    );
    expect(suicides.length).toBeGreaterThan(0);
  });

  it('go on when a hunter always says no', async () => {
    using folder = new Folder();
    const { evaluations, optimizers } = await run(folder, {
      ...RASTRIGIN,
      hunters: { 'min-evaluations': 1_000_000 },
      stop: { 'max-evaluations': 1500 },
    });
    expect(evaluations).toBe(1500);
    expect(optimizers.killed).toBe(0);
  });
});

describe('migration', () => {
  it.each(['ring', 'fully-connected', 'broadcast-best'])(
    '%s shows optimizers better points of others, which its journal holds',
    async (migration) => {
      using folder = new Folder();
      await run(
        folder,
        { ...RASTRIGIN, hunters: 'none', stop: { 'max-evaluations': 3000 } },
        { migration, migrationFrequency: 200 },
      );
      const injections = eventsOf(folder, 'inject');
      expect(injections.length).toBeGreaterThan(3);
      for (const { callId, data } of injections) {
        const { callId: shown, from, to } = data as { callId: number; from: number; to: number[] };
        expect(callId % 200).toBe(0);
        expect(shown).toBeLessThanOrEqual(callId);
        expect(to).not.toContain(from);
        const best = (id: number): number =>
          query<{ fx: number }>(
            folder.at('run'),
            `SELECT min(fx) fx FROM evaluations WHERE optimizer_id = ${id} AND call_id <= ${callId}`,
          )[0]!.fx;
        for (const id of to) expect(best(from)).toBeLessThan(best(id) ?? Infinity);
        if (migration === 'ring') expect(to).toHaveLength(1);
      }
    },
  );

  it('happens with the probability that was asked for, and to all when any point will do', async () => {
    using folder = new Folder();
    const config = { ...RASTRIGIN, hunters: 'none', stop: { 'max-evaluations': 3000 } };
    const settings = { migration: 'fully-connected', migrationFrequency: 50, migrationAccept: 'any' };
    await run(folder, config, settings);
    const all = eventsOf(folder, 'inject').length;
    await run(folder, config, { ...settings, migrationChance: 0.2 });
    const some = eventsOf(folder, 'inject').length;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  });
});

describe('spawn limits', () => {
  it('end a run when all optimizers are done that may be started', async () => {
    using folder = new Folder();
    const { optimizers, stopReason } = await run(folder, {
      task: { benchmark: 'sphere', dimension: 2 },
      optimizers: { use: [{ 'cma-es': { tolFun: 1e-3 } }], spawn: { optimizers: 4 } },
      hunters: 'none',
      stop: { 'max-evaluations': 100_000 },
    });
    expect(optimizers).toMatchObject({ started: 4, converged: 4 });
    expect(stopReason).toBe(
      'no optimizer is left, and no more are started: 4 optimizers were started (optimizers.spawn)',
    );
  });

  it('by evaluations keep those that run', async () => {
    using folder = new Folder();
    const { evaluations, optimizers } = await run(
      folder,
      {
        ...RASTRIGIN,
        optimizers: { use: ['random'], spawn: { evaluations: 50 } },
        hunters: { 'min-evaluations': 1 },
        stop: { 'max-evaluations': 1000 },
      },
      // One hunt: whoever holds the best value survives it.
      { huntFrequency: 600 },
    );
    expect(evaluations).toBe(1000);
    expect(optimizers.started).toBeLessThan(10);
  });
});

describe('a chain of optimizers', () => {
  it('starts each type when its turn has come', async () => {
    using folder = new Folder();
    await run(
      folder,
      {
        ...RASTRIGIN,
        optimizers: { selector: { chain: { thresholds: [500] } }, use: ['random', 'nelder-mead'] },
        hunters: { 'optimizer-type': { types: ['random'] } },
        stop: { 'max-evaluations': 1500 },
      },
      // In rounds, so that how many start does not depend on who is quicker.
      { huntFrequency: 100, reproducible: true, roundEvaluations: 10 },
    );
    const started = query<{ type: string; after: number }>(
      folder.at('run'),
      'SELECT type, started_after_call after FROM optimizers',
    );
    expect(started.length).toBeGreaterThan(3);
    for (const { type, after } of started) expect(type).toBe(after < 500 ? 'random' : 'nelder-mead');
  });
});

const withColumn = (folder: Folder): string =>
  folder.write(
    'task.mjs',
    `export default (x) => ({ value: x[0] ** 2 + x[1] ** 2, extras: { validation: Math.abs(x[0]), note: 'text' } });`,
  );
describe('other columns', () => {
  const parameters = ['a', 'b'].map((name) => ({ name, min: -1, max: 1 }));

  it('end a run and hunt, as the objective does', async () => {
    using folder = new Folder();
    const { stopReason } = await run(
      folder,
      {
        task: { module: withColumn(folder) },
        parameters,
        optimizers: ['cma-es'],
        hunters: { 'best-unmoving': { calls: 30, of: 'extras.validation' } },
        stop: {
          any: [{ 'target-value': { target: 0.001, of: 'extras.validation' } }, { 'max-evaluations': 3000 }],
        },
      },
      { huntFrequency: 40 },
    );
    expect(stopReason).toMatch(/target-value\(extras\.validation: best .* <= 0\.001\) true/);
  });

  it('that do not exist name nobody', async () => {
    using folder = new Folder();
    const { optimizers, evaluations } = await run(folder, {
      task: { module: withColumn(folder) },
      parameters,
      optimizers: ['cma-es'],
      hunters: { 'best-unmoving': { calls: 10, of: 'extras.note' } },
      stop: { any: [{ 'target-value': { target: 0, of: 'extras.none' } }, { 'max-evaluations': 500 }] },
    });
    expect(evaluations).toBe(500);
    expect(optimizers.killed).toBe(0);
  });
});

const withTwoMinima = (module: string): Record<string, unknown> => ({
  task: { module },
  parameters: ['a', 'b'].map((name) => ({ name, min: -1, max: 1 })),
  optimizers: { use: [{ 'cma-es': { tolFun: 1e-8, sigma0: 0.1 } }], spawn: { optimizers: 8 } },
  hunters: 'none',
  stop: { 'max-evaluations': 20_000 },
});
describe('separate minima', () => {
  it('are two where a function has two, and one where the task says that they are the same', async () => {
    using folder = new Folder();
    const two = `export default ([a, b]) => Math.min((a - 0.5) ** 2 + b ** 2, (a + 0.5) ** 2 + b ** 2 + 1e-3);`;
    const { minima, fx } = await run(folder, withTwoMinima(folder.write('two.mjs', two)));
    expect(minima).toHaveLength(2);
    expect(minima[0]).toMatchObject({ fx, converged: minima[0]!.hits });
    expect(minima[0]!.hits + minima[1]!.hits).toBe(8);
    expect(minima[0]!.x[0]).toBeCloseTo(0.5, 2);
    expect(minima[1]!.x[0]).toBeCloseTo(-0.5, 2);
    expect(minima[1]!.fx).toBeCloseTo(1e-3, 6);
    const canonical = `${two}\nexport const canonical = ([a, b]) => [Math.abs(a), b];`;
    expect((await run(folder, withTwoMinima(folder.write('one.mjs', canonical)))).minima).toHaveLength(1);
    const distance = `${two}\nexport const distance = (a, b) => Math.abs(Math.abs(a[0]) - Math.abs(b[0]));`;
    expect((await run(folder, withTwoMinima(folder.write('near.mjs', distance)))).minima).toHaveLength(1);
  });

  it('of El Niño are two, with the periods swapped', async () => {
    using folder = new Folder();
    // The solution that NIST certifies, and the same with its two cycles in the other order: optimizers start near one or the other.
    folder.write(
      'both.mjs',
      `const solution = { b1: 10.51, b2: 3.076, b3: 0.5328, b4: 44.31, b5: -1.623, b6: 0.5255, b7: 26.89, b8: 0.2123, b9: 1.497 };
      const { b4, b5, b6, b7, b8, b9 } = solution;
      const swapped = { ...solution, b4: b7, b5: b8, b6: b9, b7: b4, b8: b5, b9: b6 };
      export default { generators: [{ name: 'both', create: (options, setup) => ({
        generate: ({ optimizerId, random }) => setup
          .toUnit(optimizerId % 2 ? solution : swapped, new Float64Array(setup.dimension))
          .map((u) => Math.min(1, Math.max(0, u + 0.002 * random.normal()))),
      }) }] };`,
    );
    const parameters = Array.from({ length: 9 }, (_, i) => {
      const name = `b${i + 1}`;
      if (['b4', 'b7'].includes(name)) return { name, min: 5, max: 100, scale: 'log' };
      return name === 'b1' ? { name, min: 0, max: 20 } : { name, min: -10, max: 10 };
    });
    const { minima, names } = await run(folder, {
      plugins: ['both.mjs'],
      task: { module: new URL('../../examples/el-nino.ts', import.meta.url).pathname },
      parameters,
      optimizers: { use: [{ 'cma-es': { sigma0: 0.01, tolFun: 1e-6 } }], spawn: { optimizers: 4 } },
      generator: 'both',
      hunters: 'none',
      stop: { 'max-evaluations': 60_000 },
    });
    const [b4, b7] = [names.indexOf('b4'), names.indexOf('b7')];
    expect(minima.map(({ hits, converged }) => [hits, converged])).toEqual([
      [2, 2],
      [2, 2],
    ]);
    for (const { fx } of minima) expect(fx).toBeCloseTo(788.5398, 3);
    const periods = minima.map(({ x }) => [x[b4]!, x[b7]!].map((period) => Math.round(period)));
    expect(periods).toContainEqual([44, 27]);
    expect(periods).toContainEqual([27, 44]);
  });
});

describe('a noisy task', () => {
  it('has its best point evaluated again at the end, within the budget', async () => {
    using folder = new Folder();
    const module = folder.write(
      'noisy.mjs',
      `export default ([a], { seed }) => a ** 2 + 0.1 * Math.sin(seed * 12.9898);`,
    );
    const { noise, fx, evaluations, stopReason, minima } = await run(
      folder,
      {
        task: { module },
        parameters: [{ name: 'a', min: -1, max: 1 }],
        optimizers: ['cma-es'],
        stop: { 'max-evaluations': 600 },
      },
      { reevaluateBest: 100 },
    );
    expect(evaluations).toBe(600);
    expect(stopReason).toBe('max-evaluations(600 >= 600) true');
    expect(noise!.evaluations).toBe(100);
    // The best of 500 noisy values is a lucky one.
    expect(fx).toBeLessThan(noise!.mean - 0.5 * noise!.sd!);
    expect(noise!.sd).toBeCloseTo(0.07, 1);
    const again = query<{ mean: number }>(
      folder.at('run'),
      `SELECT avg(fx) mean FROM evaluations JOIN optimizers USING (optimizer_id) WHERE type = 'repeat'`,
    );
    expect(again[0]!.mean).toBeCloseTo(noise!.mean, 12);
    expect(minima.every(({ optimizers }) => !optimizers.includes(Number.NaN))).toBe(true);
  });

  it('must leave something of the budget', async () => {
    using folder = new Folder();
    const config = { ...RASTRIGIN, stop: { 'max-evaluations': 50 } };
    await expect(run(folder, config, { reevaluateBest: 50 })).rejects.toThrow(
      'manager.reevaluateBest: expected fewer than the 50 evaluations that stop allows, of which these are part, got 50',
    );
  });
});
