import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import type { GloMPOManagerOptions } from '../../src/manager/manager-options.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** NIST's Misra1a: pressure and volume of monomolecular adsorption. */
const TASK = `
const x = [77.6, 114.9, 141.1, 190.8, 239.9, 289, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760];
const y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78];
const model = (b1, b2) => y.map((value, i) => b1 * (1 - Math.exp(-b2 * x[i])) - value);
export default ([b1, b2]) => ({ residuals: model(b1, b2) });
export const blocks = ([b1, b2]) => ({ residuals: { low: model(b1, b2).slice(0, 7), high: model(b1, b2).slice(7) } });
`;

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  folder.write('task.mjs', TASK);
});
afterEach(() => {
  folder[Symbol.dispose]();
});

function options(more: object = {}): GloMPOManagerOptions {
  return {
    task: { module: folder.at('task.mjs') },
    parameters: [
      { name: 'b1', min: -5000, max: 5000 },
      { name: 'fixed', value: 1 },
      { name: 'b2', min: -0.005, max: 0.005 },
    ],
    optimizers: ['levenberg-marquardt'],
    hunters: 'none',
    stop: { 'max-evaluations': 1000 },
    manager: { maxJobs: 2, seed: 1, backend: 'inline', containment: 'none' },
    dir: folder.at('run'),
    ...more,
  };
}

async function run(more: object = {}): Promise<RunResult> {
  await using manager = new GloMPOManager(options(more));
  return await manager.start();
}

const task = (part: object): object => ({
  task: { module: folder.at('task.mjs'), export: 'default', ...part },
});

describe('a run on a task that returns residuals', () => {
  it.each(['inline', 'threads', 'processes'])(
    'fits it, and tells its standard errors, with %s',
    async (backend) => {
      folder.write(
        'task.mjs',
        TASK.replace('([b1, b2])', '([b1, , b2])').replace('([b1, b2])', '([b1, , b2])'),
      );
      const { fx, x, fit } = await run({
        manager: { maxJobs: 2, seed: 1, backend, containment: 'none' },
      });
      // Certified: 1.2455138894E-01 at 2.3894212918E+02 +- 2.7070075241E+00 and 5.5015643181E-04 +- 7.2668688436E-06
      expect(fx! / 0.12455138894).toBeCloseTo(1, 9);
      expect(x![0]! / 238.94212918).toBeCloseTo(1, 6);
      expect(x![2]! / 5.5015643181e-4).toBeCloseTo(1, 6);
      expect(fit).toMatchObject({ residuals: 14 });
      expect(fit!.deviation / 0.1018787633).toBeCloseTo(1, 6);
      const [b1, fixed, b2] = fit!.standardErrors!;
      expect(b1! / 2.7070075241).toBeCloseTo(1, 4);
      expect(b2! / 7.2668688436e-6).toBeCloseTo(1, 4);
      expect(fixed).toBeNull();
    },
  );

  it('goes on from its log alone to what it would have been', async () => {
    folder.write('task.mjs', TASK.replaceAll('([b1, b2])', '([b1, , b2])'));
    const manager = { maxJobs: 1, seed: 1, backend: 'inline', containment: 'none', reproducible: true };
    const whole = await run({ manager });
    const points = query(
      folder.at('run'),
      'SELECT hex(x) AS x, fx, extras FROM evaluations ORDER BY call_id',
    );
    await run({ manager, stop: { 'max-evaluations': 37 }, dir: folder.at('part') });
    await using rest = GloMPOManager.resume(folder.at('part'), { stop: { 'max-evaluations': 1000 } });
    expect((await rest.start()).fx).toBe(whole.fx);
    const again = query(
      folder.at('part'),
      'SELECT hex(x) AS x, fx, extras FROM evaluations ORDER BY call_id',
    );
    // The first session's last round was cut, so the optimizers may have gone on with others in between.
    expect(again.slice(0, 37)).toEqual(points.slice(0, 37));
  });

  it('weights its blocks', async () => {
    folder.write('task.mjs', TASK.replaceAll('([b1, b2])', '([b1, , b2])'));
    const weighted = await run(task({ export: 'blocks', residuals: { low: 100, high: { loss: 'cauchy' } } }));
    const plain = await run({ ...task({ export: 'blocks' }), dir: folder.at('plain') });
    const shares = (dir: string): readonly number[] => {
      const [best] = query<{ extras: string }>(
        folder.at(dir),
        'SELECT extras FROM evaluations WHERE fx IS NOT NULL ORDER BY fx LIMIT 1',
      );
      const { low, high } = (JSON.parse(best!.extras) as { residuals: Record<string, number[]> }).residuals;
      return [low!, high!].map((block) => block.reduce((sum, r) => sum + r * r, 0));
    };
    const [heavy] = shares('run');
    // 100 times the first block, and less than the squares of the second one.
    expect(weighted.fx!).toBeGreaterThan(100 * heavy!);
    expect(weighted.fx!).toBeLessThan(100 * heavy! + shares('run')[1]!);
    expect(plain.fx! / 0.12455138894).toBeCloseTo(1, 9);
    expect(weighted.fx).not.toBeCloseTo(plain.fx!, 2);
    // The first block is met better, at the cost of the second one.
    expect(shares('run')[0]!).toBeLessThan(shares('plain')[0]!);
    expect(shares('run')[1]!).toBeGreaterThan(shares('plain')[1]!);
  });

  it('is told to return some when it does not', async () => {
    folder.write('task.mjs', 'export default ([a]) => a * a;');
    await expect(run()).rejects.toThrow(
      /levenberg-marquardt solves least squares, and the task returns a value alone/,
    );
  });
});
