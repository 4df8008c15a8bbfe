import { describe, expect, it } from 'vitest';
import { generators } from '../../src/generators/registry.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { dir } from './support.ts';

const task = { benchmark: 'sphere', dimension: 2 };

async function refusal(value: unknown, sets: readonly string[] = []): Promise<readonly string[]> {
  const error: unknown = await resolveConfig(value, { baseDir: dir, sets }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message.split('\n');
}

describe('a configuration that a program built', () => {
  it('is resolved like a file', async () => {
    const given = {
      task: { module: 'task.ts', export: undefined },
      parameters: [{ name: 'a', min: 0, max: 1, initial: undefined }],
      stop: { 'max-seconds': 5 },
      generator: undefined,
      hunters: null,
      manager: { seed: 3 },
    };
    const before = structuredClone(given);
    const config = await resolveConfig(given, { baseDir: dir, sets: ['parameters[0].max=2'] });
    expect(config).toMatchObject({
      task: { kind: 'module', path: `${dir}/task.ts` },
      parameters: [{ name: 'a', min: 0, max: 2 }],
      stop: { name: 'max-seconds', options: { seconds: 5, of: 'session' } },
      generator: { name: 'random', options: {} },
      hunters: null,
      manager: { seed: 3 },
    });
    expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config);
    expect(given).toEqual(before);
  });

  it('has its mistakes told by path alone', async () => {
    expect(
      await refusal({ task, stop: () => true, manager: { seed: 1n, maxJobs: new Date(0) }, on: 1 }, [
        'generator=x',
      ]),
    ).toEqual([
      'on: unknown option (known: plugins, task, parameters, constraints, optimizers, generator, hunters, stop, manager, checkpoints, cache, warmStart)',
      'stop: expected the name of a checker, or { name: options }, got the function stop',
      'manager.maxJobs: expected an integer >= 1, got an object',
      'manager.seed: expected an integer in [0, 9007199254740991], got 1n',
      `--set generator=x generator: unknown generator x (known: ${generators.names().join(', ')})`,
    ]);
  });

  it('may not contain itself', async () => {
    const stop: Record<string, unknown> = {};
    stop['not'] = stop;
    expect(await refusal({ task, stop })).toEqual([
      'stop.not: contains itself',
      'stop.not: expected the name of a checker, or { name: options }, got null',
    ]);
  });

  it.each([
    [undefined, ': expected a map with task and parameters, got nothing'],
    [[], ': expected a map with task and parameters, got an empty list'],
    [new Map(), ': expected a map with task and parameters, got an object'],
  ])('is a map', async (value, line) => {
    expect(await refusal(value)).toEqual([line]);
  });
});
