import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { LogReader } from '../../src/log/reader.ts';
import { Folder } from '../support/folder.ts';

const examples = path.resolve(import.meta.dirname, '..', '..', 'examples');

interface Run {
  readonly stdout: string;
  /** The value that it says it found. */
  readonly found: number;
  /** Which types of optimizers ran. */
  readonly types: readonly string[];
  /** The plain configuration, as resolved. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Runs an example as its user would, with the built package. @param dir where it says that its log is */
async function runExample(name: string, evaluations: number, dir?: string): Promise<Run> {
  using folder = new Folder();
  const { stdout } = await execa(process.execPath, [path.join(examples, name), String(evaluations)], {
    cwd: folder.path,
  });
  const found = Number(/^Found: +(\S+)/m.exec(stdout)?.[1]);
  using reader = new LogReader(dir === undefined ? / is in (.+)$/m.exec(stdout)![1]! : folder.at(dir));
  const summary = reader.summary();
  expect(summary.state).toBe('finished');
  expect(summary.evaluations).toBeLessThanOrEqual(evaluations);
  expect(Number.isFinite(found)).toBe(true);
  // A slot that is free when the budget is used up need not start anything.
  const types = new Set(summary.optimizers.filter((one) => one.evaluations > 0).map(({ type }) => type));
  return {
    stdout,
    found,
    types: [...types].toSorted(),
    config: summary.facts['config'] as Readonly<Record<string, unknown>>,
  };
}

describe('the examples', () => {
  it('minimal.ts finds a value near the minimum', async () => {
    const { found } = await runExample('minimal.ts', 5000);
    expect(found).toBeGreaterThanOrEqual(-4.687659);
    expect(found).toBeLessThan(-2);
  });

  it('customized.ts runs in processes, with the hunters of the original', async () => {
    const { stdout, config } = await runExample('customized.ts', 3000, 'runs/customized');
    expect(stdout).toMatch(/Stopped by .*max-evaluations\(3000 >= 3000\) true/);
    expect(stdout).toMatch(/optimizer 1 (stopped|killed|converged): /);
    expect(config['hunters']).toEqual({
      any: [
        {
          all: [
            { 'evaluations-unmoving': { calls: 100, tolerance: 0.01, of: 'fx' } },
            { 'value-annealing': { survivalAtTwice: 0.1, of: 'fx' } },
          ],
        },
        { 'best-unmoving': { calls: 200, tolerance: 0.2, of: 'fx' } },
        { 'parameter-distance': { tolerance: 0.05 } },
      ],
    });
    expect(config['manager']).toMatchObject({ backend: 'processes', maxJobs: 10 });
  });

  it('nudging.ts shows optimizers better points', async () => {
    const { stdout } = await runExample('nudging.ts', 10_000, 'runs/nudging');
    expect(Number(/(\d+) times one was shown/.exec(stdout)?.[1])).toBeGreaterThan(0);
  });

  it('two-level.ts finds bound clusters, and tells separate minima apart', async () => {
    const { stdout, found, config } = await runExample('two-level.ts', 10_000, 'runs/two-level');
    expect(found).toBeGreaterThanOrEqual(-28.422533);
    expect(found).toBeLessThan(-15);
    expect(stdout).toMatch(new RegExp(`^  ${found.toFixed(4)}  [1-9]`, 'm'));
    expect(config['optimizers']).toMatchObject({ use: [{ 'cma-es': { workers: 2, evaluate: 'threads' } }] });
  });

  it('own-hunter.ts has optimizers killed by the plug-in', async () => {
    const { stdout } = await runExample('own-hunter.ts', 30_000, 'runs/own-hunter');
    expect(stdout).toMatch(
      /is killed: all\(min-evaluations\(.*\) true, out-of-reach\(needs .*\) true\) true/,
    );
  });

  it('own-optimizer.ts runs the plug-in beside CMA-ES', async () => {
    const { types } = await runExample('own-optimizer.ts', 10_000, 'runs/own-optimizer');
    expect(types).toEqual(['cma-es', 'one-plus-one-es']);
  });
});
