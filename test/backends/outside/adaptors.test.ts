import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../../../src/optimizers/journal.ts';
import { scipy } from '../../../src/optimizers/outside/scipy.ts';
import { GloMPOManager } from '../../../src/manager/manager.ts';
import { runCli } from '../../support/cli.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';
import { recordOf } from '../../support/record.ts';
import { endsIn, type Ended } from './support.ts';

/** The first Python that has a package: the system's, or another one. `GLOMPO_TEST_PYTHON` is asked before. */
function pythonWith(name: string): string | undefined {
  const pythons = [process.env['GLOMPO_TEST_PYTHON'] ?? [], '/usr/bin/python3', 'python3'].flat();
  return pythons.find((python) => spawnSync(python, ['-c', `import ${name}`]).status === 0);
}

const SCIPY = pythonWith('scipy.optimize');
const CMA = pythonWith('cma');
const NEVERGRAD = pythonWith('nevergrad');
for (const [name, python] of Object.entries({ scipy: SCIPY, cma: CMA, nevergrad: NEVERGRAD }))
  if (python === undefined) console.warn(`no Python here has ${name}: its adaptor is not tested`);

/** A quadratic whose minimum is nowhere near the centre, and many minima around it. */
const TASKS = {
  quadratic: `export default ([a, b, c]) => (a - 1) ** 2 + 3 * (b + 2) ** 2 + (c - 1.5) ** 2 + 0.5 * (a - 1) * (b + 2);`,
  many: `export default (x) => x.reduce((sum, v) => sum + 10 + (v - 1) ** 2 - 10 * Math.cos(2 * Math.PI * (v - 1)), 0);`,
  gradient: `export default ([a, b, c]) => ({ value: (a - 1) ** 2 + (b + 2) ** 4 + (c - 1.5) ** 2,
    gradient: [2 * (a - 1), 4 * (b + 2) ** 3, 2 * (c - 1.5)] });`,
  corner: `export default ([a, b, c]) => a + b + c;`,
  rough: `export default ([a, b, c], { candidateId }) => {
    if (candidateId % 5 === 0) throw new Error('now and then');
    return { value: a * a + b * b + c * c, ...(a > 3 ? { violation: a - 3 } : {}) };
  };`,
};

interface Found {
  readonly fx: number;
  readonly first: Ended;
}

function configOf(
  folder: Folder,
  task: keyof typeof TASKS,
  use: object,
  manager: object,
  budget: number,
): object {
  folder.write('task.mjs', TASKS[task]);
  return {
    baseDir: folder.path,
    task: { module: 'task.mjs' },
    parameters: ['a', 'b', 'c'].map((name) => ({ name, min: -5, max: 5, initial: 0.3 })),
    optimizers: [use],
    hunters: 'none',
    stop: { any: [{ 'max-evaluations': budget }, { 'optimizers-converged': 1 }] },
    manager: { maxJobs: 4, seed: 2, backend: 'inline', containment: 'none', ...manager },
  };
}

async function solve(
  folder: Folder,
  task: keyof typeof TASKS,
  use: object,
  manager: object = {},
  budget = 8000,
): Promise<Found> {
  const config = configOf(folder, task, use, manager, budget);
  await using glompo = new GloMPOManager({ ...config, dir: folder.at('run') } as never);
  const { fx } = await glompo.start();
  return { fx: fx!, first: endsIn(folder.at('run'))[0]! };
}

/** How many points an optimizer asked for, each time. */
function askedAtOnce(folder: Folder): readonly number[] {
  const batches = query<{ operations: Buffer }>(
    folder.at('run'),
    'SELECT operations FROM batches WHERE optimizer_id = 1 ORDER BY batch_id',
  );
  return batches.flatMap(({ operations }) =>
    readJournal(operations).flatMap((operation) => (operation.kind === 'ask' ? operation.count : [])),
  );
}

const METHODS = scipy.options.properties['method']!.enum as readonly string[];
const GLOBAL = ['differential-evolution', 'dual-annealing', 'basinhopping', 'shgo', 'direct'];
const GRADIENT = ['cg', 'bfgs', 'l-bfgs-b', 'tnc', 'slsqp', 'trust-constr'];

const scipyBy = (method: string, more: object = {}): object => ({
  scipy: { method, python: SCIPY, workers: 4, ...more },
});

describe.skipIf(SCIPY === undefined)('the adaptor of scipy', () => {
  it.each(METHODS)('minimizes a quadratic by %s', async (method) => {
    using folder = new Folder();
    const { fx, first } = await solve(folder, 'quadratic', scipyBy(method));
    expect(fx).toBeLessThan(1e-4);
    expect(first.status, first.reason).not.toBe('crashed');
    if (first.status === 'converged')
      expect(first.reason).toMatch(new RegExp(`^(success|ended): ${method}: `));
    expect(folder.read('run/streams/optimizer-0001.err')).toMatch(/^scipy [\d.]+, numpy /);
  });

  it.each(GLOBAL)('finds a low one among many minima by %s', async (method) => {
    using folder = new Folder();
    const { fx } = await solve(folder, 'many', scipyBy(method));
    expect(fx).toBeLessThan(2.1);
  });

  it.each(METHODS)('takes failures and violations, and a minimum in a corner, by %s', async (method) => {
    for (const task of ['rough', 'corner'] as const) {
      using folder = new Folder();
      const { fx, first } = await solve(folder, task, scipyBy(method), {}, 400);
      expect(first.status, first.reason).not.toBe('crashed');
      if (task === 'corner') expect(fx).toBeLessThan(-14);
    }
  });

  it.each(GRADIENT)(
    'uses the gradient that a task has by %s, and the workers where it has none',
    async (method) => {
      using folder = new Folder();
      const { fx } = await solve(folder, 'gradient', scipyBy(method));
      expect(fx).toBeLessThan(1e-3);
      expect(new Set(askedAtOnce(folder))).toEqual(new Set([1]));
      using other = new Folder();
      await solve(other, 'quadratic', scipyBy(method));
      // The neighbours of a point; with the point itself where it was not known.
      expect(Math.max(...askedAtOnce(other))).toBe(method === 'trust-constr' ? 4 : 3);
    },
  );

  it.each(['differential-evolution', 'dual-annealing', 'basinhopping', 'nelder-mead'])(
    'asks for the same points with the same seed, and goes on where it was, by %s',
    async (method) => {
      using folder = new Folder();
      using other = new Folder();
      const manager = { reproducible: true };
      await solve(folder, 'many', scipyBy(method), manager, 120);
      await solve(other, 'many', scipyBy(method), manager, 50);
      {
        await using glompo = GloMPOManager.resume(other.at('run'), {
          stop: { any: [{ 'max-evaluations': 120 }, { 'optimizers-converged': 1 }] },
        });
        await glompo.start();
      }
      expect(recordOf(other.at('run')).evaluations).toEqual(recordOf(folder.at('run')).evaluations);
    },
  );

  it('says what SciPy does not know, and what it lacks', async () => {
    using folder = new Folder();
    const { first } = await solve(
      folder,
      'many',
      scipyBy('differential-evolution', { options: { speed: 9 } }),
      {},
      50,
    ).catch(() => ({ first: endsIn(folder.at('run'))[0]! }));
    expect(first).toMatchObject({ status: 'crashed', reason: expect.stringContaining("'speed'") });
    const text = `task: { benchmark: sphere, dimension: 2 }\noptimizers: [{ scipy: { method: cg, python: PYTHON } }]\n`;
    const bare = folder.write('bare', `#!/bin/sh\nexec ${SCIPY} -S -E "$@"\n`);
    spawnSync('chmod', ['+x', bare]);
    folder.write('c.yaml', text.replace('PYTHON', './bare'));
    const { exitCode, stderr } = await runCli(['validate', 'c.yaml'], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /c\.yaml:2:\d+ optimizers\[0\]\.scipy: the program of scipy failed: the Python package (numpy|scipy) is not installed for .+; install it: apt install python3-scipy, or pip install scipy/,
    );
  });

  it('works from the command line', async () => {
    using folder = new Folder();
    folder.write(
      'c.yaml',
      `task: { benchmark: styblinski-tang, dimension: 3 }
optimizers: [{ scipy: { method: differential-evolution, python: ${SCIPY} } }, { scipy: { method: powell, python: ${SCIPY} } }]
stop: { max-evaluations: 2000 }
manager: { maxJobs: 2, seed: 4 }
`,
    );
    const { exitCode, stdout, stderr } = await runCli(
      ['run', 'c.yaml', '--dir', 'run', '--json'],
      folder.path,
    );
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 2000, optimizers: { crashed: 0 } });
    expect((JSON.parse(stdout) as { fx: number }).fx).toBeLessThan(-3 * 39.16);
  });
});

describe.skipIf(CMA === undefined)('the adaptor of pycma', () => {
  it('minimizes a quadratic, takes failures, and points of others', async () => {
    using folder = new Folder();
    const use = { pycma: { python: CMA, workers: 4, options: { popsize: 8 } } };
    const { fx, first } = await solve(folder, 'quadratic', use);
    expect(first).toMatchObject({ status: 'converged', reason: expect.stringMatching(/^tol/) });
    expect(fx).toBeLessThan(1e-8);
    using rough = new Folder();
    expect(
      (await solve(rough, 'rough', use, { shareBest: true, huntFrequency: 20 }, 300)).first.status,
    ).not.toBe('crashed');
  });
});

describe.skipIf(NEVERGRAD === undefined)('the adaptor of nevergrad', () => {
  it.each([false, true])('minimizes a quadratic in a run that is reproducible: %s', async (reproducible) => {
    using folder = new Folder();
    const use = { nevergrad: { python: NEVERGRAD, workers: 4, optimizer: 'OnePlusOne', budget: 400 } };
    const { fx, first } = await solve(folder, 'quadratic', use, { reproducible });
    expect(first).toMatchObject({
      status: 'converged',
      reason: 'budget: it made the 400 evaluations that it reckoned with',
    });
    expect(fx).toBeLessThan(0.1);
  });
});
