import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bytesPerEvaluation, forecastBytes } from '../../src/log/forecast.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { Folder } from '../support/folder.ts';

it.each([
  [1, 4000, 'inline'],
  [2, 4000, 'threads'],
  [10, 4000, 'inline'],
  [100, 1000, 'inline'],
  [520, 300, 'inline'],
  [1000, 300, 'inline'],
] as const)(
  'is within 30 % of a real log: %i parameters, %i evaluations, %s',
  async (dimension, evaluations, backend) => {
    using folder = new Folder();
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension },
      optimizers: ['random'],
      hunters: 'none',
      stop: { 'max-evaluations': evaluations },
      manager: { backend, containment: 'none', maxJobs: 2, seed: 1 },
      dir: folder.at('run'),
    });
    await manager.start();
    const { size } = statSync(folder.at('run/run.sqlite'));
    expect(forecastBytes(evaluations, dimension) / size).toBeGreaterThan(0.7);
    expect(forecastBytes(evaluations, dimension) / size).toBeLessThan(1.3);
  },
);

it('is within 30 % of a real log whose every evaluation is a batch of its own', async () => {
  using folder = new Folder();
  folder.write(
    'task.mjs',
    'export default async ([a]) => { await new Promise((r) => setTimeout(r, 1)); return a; };',
  );
  await using manager = new GloMPOManager({
    task: { module: 'task.mjs' },
    baseDir: folder.path,
    parameters: ['a', 'b'].map((name) => ({ name, min: 0, max: 1 })),
    optimizers: ['random'],
    hunters: 'none',
    stop: { 'max-evaluations': 1000 },
    manager: { backend: 'threads', containment: 'none', maxJobs: 2, seed: 1 },
    dir: folder.at('run'),
  });
  await manager.start();
  const { size } = statSync(folder.at('run/run.sqlite'));
  expect(forecastBytes(1000, 2) / size).toBeGreaterThan(0.7);
  expect(forecastBytes(1000, 2) / size).toBeLessThan(1.3);
});

it('has no end without a limit on evaluations, and grows with the parameters', () => {
  expect(forecastBytes(Infinity, 3)).toBe(Infinity);
  const sizes = Array.from({ length: 3000 }, (_, i) => bytesPerEvaluation(i + 1));
  for (const [i, size] of sizes.entries()) expect(size).toBeGreaterThan(8 * (i + 1));
});
