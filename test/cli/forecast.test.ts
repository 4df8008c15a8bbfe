import { expect, it } from 'vitest';
import { describeForecast, forecastOf } from '../../src/cli/forecast.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';

function configOf(stop: object, manager = {}): Promise<RunConfig> {
  return resolveConfig(
    { task: { benchmark: 'sphere', dimension: 10 }, stop, manager },
    { baseDir: import.meta.dirname },
  );
}

const disk = (freeBytes: number, type = 'local'): Parameters<typeof describeForecast>[1] => ({
  memoryBytes: 8 * 2 ** 30,
  freeBytes: () => freeBytes,
  filesystemOf: () => ({ type, isNetwork: type !== 'local' }),
});

it('says how large the log becomes, and what is free', async () => {
  const config = await configOf({ 'max-evaluations': 1e6 });
  const { logBytes, ...rest } = forecastOf(config);
  expect(rest).toEqual({ evaluations: 1e6, bytesPerEvaluation: 165 });
  expect(logBytes! / 1e6).toBeCloseTo(165, -1);
  expect(describeForecast(config, disk(2 ** 40))).toEqual([
    expect.stringMatching(
      /^the log: about 157 MB for 1000000 evaluations of 165 bytes, errors and extras not included; 1020 GB are free in \//,
    ),
  ]);
});

it('warns when it would not fit, with what is to stay free', async () => {
  const config = await configOf({ 'max-evaluations': 1e6 });
  const fits = forecastOf(config).logBytes! + 64 * 2 ** 20;
  expect(describeForecast(config, disk(fits))).toHaveLength(1);
  expect(describeForecast(config, disk(fits - 1))[1]).toMatch(
    /^warning: the log would not fit into .*: the run would pause at fewer than 64 MB free; make room, set manager.logDir, or run with --dir on another disk$/,
  );
  const without = await configOf({ 'max-evaluations': 1e6 }, { minFreeBytes: 0 });
  expect(describeForecast(without, disk(fits - 1))).toHaveLength(1);
});

const warningsFor = async (stop: object, manager: object): Promise<readonly string[]> =>
  describeForecast(await configOf(stop, manager), disk(2 ** 40)).slice(1);

it('warns when there is no memory for as many optimizers as may run at once', async () => {
  const long = { 'max-evaluations': 1e6 };
  expect(await warningsFor(long, { maxJobs: 500 })).toEqual([]);
  expect(await warningsFor(long, { maxJobs: 100_000 })).toEqual([
    'warning: up to 100000 optimizers may run at once, which take about 1460 GB as threads, and there are 8 GB of memory: set a lower manager.maxJobs, or give each more workers',
  ]);
  expect(await warningsFor(long, { maxJobs: 500, backend: 'processes' })).toEqual([
    expect.stringContaining('up to 500 optimizers may run at once, which take about 24.4 GB as processes'),
  ]);
  expect(await warningsFor({ 'max-evaluations': 20 }, { maxJobs: 100_000 })).toEqual([]);
});

const most = async (optimizers: object): Promise<string | undefined> => {
  const task = { benchmark: 'sphere', dimension: 10 };
  const manager = { maxJobs: 1000, backend: 'processes' };
  const raw = { task, optimizers, stop: { 'max-evaluations': 1e6 }, manager };
  const [, warning] = describeForecast(
    await resolveConfig(raw, { baseDir: import.meta.dirname }),
    disk(2 ** 40),
  );
  return /up to \d+/.exec(warning ?? '')?.[0];
};

it('counts no optimizers that may not be started', async () => {
  expect(await most(['random'])).toBe('up to 1000');
  expect(await most({ use: ['random'], spawn: { optimizers: 10 } })).toBeUndefined();
  expect(await most([{ random: { maxStarts: 300 } }, { 'cma-es': { workers: 4 } }])).toBe('up to 475');
});

it('has no end where nothing limits the evaluations', async () => {
  const config = await configOf({ 'max-seconds': 60 });
  expect(forecastOf(config)).toEqual({ evaluations: null, bytesPerEvaluation: 165, logBytes: null });
  expect(describeForecast(config, disk(0))).toEqual([
    expect.stringContaining('about 165 bytes an evaluation, without a limit on their number'),
  ]);
});

it('warns of a network filesystem, there where the log would go', async () => {
  const config = await configOf({ 'max-seconds': 60 });
  expect(describeForecast(config, disk(0, 'lustre'))[1]).toMatch(
    /^warning: the run log is in .*, on a network filesystem \(lustre\)/,
  );
  const away = await configOf({ 'max-seconds': 60 }, { logDir: '/' });
  expect(describeForecast(away, disk(0, 'lustre'))[1]).toContain('the run log is in /, on');
});

it('is what `glompo validate` says, in words and in JSON', async () => {
  using folder = new Folder();
  folder.write('c.yaml', 'task: { benchmark: sphere, dimension: 10 }\nstop: { max-evaluations: 1000 }\n');
  const text = await runCli(['validate', 'c.yaml'], folder.path);
  expect(text.stderr).toContain('the log: about ');
  const json = await runCli(['validate', 'c.yaml', '--json'], folder.path);
  expect(JSON.parse(json.stdout)).toMatchObject({
    forecast: { evaluations: 1000, bytesPerEvaluation: 165, logBytes: expect.any(Number) as number },
  });
});
