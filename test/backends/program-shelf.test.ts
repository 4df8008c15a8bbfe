import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgramShelf } from '../../src/backends/evaluators/program-shelf.ts';
import type { ProgramCrew } from '../../src/backends/evaluators/programs.ts';
import { Custody } from '../../src/processes/custody.ts';
import { type Evaluated, evaluate, type EvaluateOptions, scripted, specOf } from '../support/programs.ts';
import { eventually } from '../processes/support.ts';

let shelf: ProgramShelf<ProgramCrew>;
let custody: Custody;
beforeEach(async () => {
  shelf = new ProgramShelf();
  custody = await Custody.start({ containment: 'none' });
});
afterEach(async () => {
  await shelf[Symbol.asyncDispose]();
  await custody[Symbol.asyncDispose]();
});

/** Says who it is and for whom it works. */
const SAYS = 'log("%d at %d for %d\\n" % (os.getpid(), id, request["optimizer"])); time.sleep(0.02)';

let optimizers = 0;
function nextOptimizer(options: EvaluateOptions = {}, code = SAYS, count = 20): Promise<Evaluated> {
  optimizers++;
  return evaluate(specOf(scripted(code)), count, { shelf, custody, optimizerId: optimizers, ...options });
}

const workersOf = ({ rows }: Evaluated): readonly string[] => [...new Set(rows.map(({ worker }) => worker))];
const isAlive = (worker: string): boolean => {
  try {
    return process.kill(Number(worker.replace('program ', '')), 0);
  } catch {
    return false;
  }
};

describe('programs of an optimizer that is done', () => {
  it('serve the next one, which gets what they print', async () => {
    const before = await nextOptimizer({ workers: 2 });
    const after = await nextOptimizer({ workers: 2 });
    expect(workersOf(before)).toHaveLength(2);
    expect(workersOf(before)).toEqual(expect.arrayContaining([...workersOf(after)]));
    expect(after.printed).toContain(`for ${optimizers}\n`);
    expect(after.printed).not.toContain(`for ${optimizers - 1}\n`);
    expect(after.rows.map(({ outcome }) => outcome.status)).toEqual(Array(20).fill('ok'));
  });

  it('are as many as the next one needs', async () => {
    const seen = new Set<string>();
    for (const workers of [1, 4, 2, 3, 1]) {
      const run = await nextOptimizer({ workers });
      expect(run.rows).toHaveLength(20);
      expect(workersOf(run).length).toBeLessThanOrEqual(workers);
      for (const worker of workersOf(run)) seen.add(worker);
      await eventually(() => [...seen].filter(isAlive).length <= workers);
    }
  });

  it('are ended when they are busy, as those of a killed optimizer', async () => {
    const run = await nextOptimizer({ timeoutSeconds: 0.2 }, 'time.sleep(60)', 1);
    expect(run.rows[0]!.outcome.status).toBe('timeout');
    const next = await nextOptimizer({ timeoutSeconds: 20 }, SAYS, 3);
    expect(next.rows.map(({ outcome }) => outcome.status)).toEqual(['ok', 'ok', 'ok']);
  });

  it('may die meanwhile: others are there', async () => {
    const before = await nextOptimizer();
    const [worker = ''] = workersOf(before);
    process.kill(Number(worker.replace('program ', '')), 'SIGKILL');
    await eventually(() => !isAlive(worker));
    const after = await nextOptimizer();
    expect(new Set(after.rows.map(({ outcome, attempts }) => `${outcome.status} ${attempts}`))).toEqual(
      new Set(['ok 1']),
    );
    expect(workersOf(after)).not.toEqual(workersOf(before));
  });

  it('are of no use to one that asks for something else', async () => {
    const plain = await nextOptimizer();
    const other = await nextOptimizer({ wantsGradient: true });
    const another = await nextOptimizer({ names: ['b'] });
    expect(new Set([plain, other, another].flatMap(workersOf)).size).toBe(3);
  });

  it('are ended with the shelf', async () => {
    const run = await nextOptimizer({ workers: 3 });
    await shelf[Symbol.asyncDispose]();
    expect(workersOf(run).filter(isAlive)).toEqual([]);
    const late = await nextOptimizer();
    expect(workersOf(late).filter(isAlive)).toEqual([]);
  });
});
