import { describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../src/index.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** The sum of 20 terms, none of them negative: known to be above a cutoff long before the end. */
const MODULE = `
export const whole = (x) => sum(x, Infinity);
export const early = (x, { cutoff }) => sum(x, cutoff);
function sum(x, cutoff) {
  let total = 0;
  for (let i = 1; i <= 20; i++) {
    total += i * (x[0] - 0.3) ** 2 + (x[1] + 0.1) ** 2 + Math.abs(x[0] * x[1]);
    if (total > cutoff) return { value: total, censored: true };
  }
  return total;
}
`;

const PYTHON = `
from glompo import context
def early(x):
    total = 0.0
    for i in range(1, 21):
        total += i * (x[0] - 0.3) ** 2 + (x[1] + 0.1) ** 2 + abs(x[0] * x[1])
        context().stop(total)
    return total
`;

/** Without a cutoff awk compares with an empty text, as which every number is larger. */
const AWK = `BEGIN {
  cutoff = ENVIRON["GLOMPO_CUTOFF"]
  for (i = 1; i <= 20; i++) {
    total += i * (a - 0.3) ^ 2 + (b + 0.1) ^ 2 + (a * b < 0 ? -a * b : a * b)
    if (cutoff != "" && total > cutoff + 0) { printf "{\\"value\\": %.17g, \\"censored\\": true}\\n", total; exit }
  }
  printf "{\\"value\\": %.17g, \\"censored\\": false}\\n", total
}`;

interface Row {
  readonly x: string;
  readonly fx: number;
  readonly status: string;
}

async function rowsOf(
  folder: Folder,
  task: object,
  optimizer: object,
  manager: object,
): Promise<readonly Row[]> {
  await using run = new GloMPOManager({
    task: task as never,
    parameters: ['a', 'b'].map((name) => ({ name, min: -2, max: 2 })),
    optimizers: [optimizer as never],
    hunters: 'none',
    stop: { 'max-evaluations': 150 },
    manager: { seed: 3, maxJobs: 2, reproducible: true, ...manager },
    dir: folder.at('run'),
    overwrite: true,
  });
  const { runDir } = await run.start();
  return query<Row>(runDir, 'SELECT hex(x) AS x, fx, status FROM evaluations ORDER BY call_id');
}

function best(rows: readonly Row[]): number {
  return Math.min(...rows.map(({ fx }) => fx));
}

describe('evaluations that stop early', () => {
  it.each([
    ['inline', 'inline', { shade: { populationSize: 10 } }],
    ['threads', 'threads', { 'particle-swarm': { workers: 2, evaluate: 'threads' } }],
    ['processes_forced', 'processes', { 'nelder-mead': { evaluate: 'processes' } }],
    ['threads', 'inline', { random: {} }],
  ] as const)('change nothing of a run but what they cost: %s, %s, %o', async (backend, _, optimizer) => {
    using folder = new Folder();
    const module = folder.write('task.mjs', MODULE);
    const whole = await rowsOf(folder, { module, export: 'whole' }, optimizer, { backend });
    const early = await rowsOf(folder, { module, export: 'early' }, optimizer, { backend });
    expect(early.map(({ x }) => x)).toEqual(whole.map(({ x }) => x));
    const cut = early.filter(({ status }) => status === 'censored');
    expect(cut.length).toBeGreaterThan(20);
    expect(early.filter(({ status }, i) => status === 'ok' && early[i]!.fx !== whole[i]!.fx)).toEqual([]);
    // A bound is no larger than the value.
    expect(early.filter(({ fx }, i) => fx > whole[i]!.fx)).toEqual([]);
    expect(best(early)).toBe(best(whole));
  });

  it('may be those of Python functions and of programs', async () => {
    using folder = new Folder();
    const python = `${folder.write('task.py', PYTHON)}:early`;
    const script = folder.write('task.awk', AWK);
    const command = ['awk', '-v', 'a={a}', '-v', 'b={b}', '-f', script];
    const read = { value: { json: 'value' }, censored: { json: 'censored' } };
    for (const task of [{ python }, { command, read }]) {
      const rows = await rowsOf(folder, task, { shade: { populationSize: 10 } }, {});
      expect(rows.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(rows.filter(({ status }) => status === 'censored').length).toBeGreaterThan(20);
    }
  });
});
