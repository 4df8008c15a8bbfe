import { describe, expect, it } from 'vitest';
import { dir, load, refusal, TASK } from './support.ts';

async function logDirOf(text: string): Promise<string | undefined> {
  return (await load(`${TASK}manager: { ${text} }`)).manager.logDir;
}

describe('manager', () => {
  it.each([
    ['worst', { kind: 'worst' }],
    ['abort', { kind: 'abort' }],
    ['{ recover: -1.5 }', { kind: 'recover', value: -1.5 }],
  ])('may treat failures as %s', async (text, policy) => {
    expect((await load(`${TASK}manager: { onFailure: ${text} }`)).manager.onFailure).toStrictEqual(policy);
  });

  it.each(['0', '9007199254740991'])('may have the seed %s', async (seed) => {
    expect((await load(`${TASK}manager: { seed: ${seed} }`)).manager.seed).toBe(Number(seed));
  });

  it('has a log directory relative to its file, and none by default', async () => {
    expect(await logDirOf('logDir: scratch/logs')).toBe(`${dir}/scratch/logs`);
    expect(await logDirOf('logDir: /scratch')).toBe('/scratch');
    expect(await logDirOf('')).toBeUndefined();
  });

  const FAILURE = 'expected worst, abort or { recover: value }, got';
  it.each([
    ['5', '2:10 manager: expected a map, got 5'],
    ['{ maxJobs: 0 }', '2:21 manager.maxJobs: expected an integer >= 1, got 0'],
    [
      '{ reevaluateBest: 20 }\nstop: { any: [{ max-evaluations: 20 }, { max-seconds: 5 }] }',
      '2:28 manager.reevaluateBest: expected fewer than the 20 evaluations that stop allows, of which these are part, got 20',
    ],
    ['{ maxJobs: }', '2:21 manager.maxJobs: expected an integer >= 1, got null'],
    ['{ maxJobs: 1e400 }', '2:21 manager.maxJobs: expected an integer >= 1, got Infinity'],
    [
      '{ backend: cluster }',
      '2:21 manager.backend: expected one of inline, threads, processes, processes_forced, got "cluster"',
    ],
    ['{ huntFrequency: 0.5 }', '2:27 manager.huntFrequency: expected an integer >= 1, got 0.5'],
    ['{ huntBest: yes }', '2:22 manager.huntBest: expected true or false, got "yes"'],
    ['{ shareBest: 1 }', '2:23 manager.shareBest: expected true or false, got 1'],
    ['{ endTimeoutSeconds: -1 }', '2:31 manager.endTimeoutSeconds: expected a number >= 0, got -1'],
    [
      '{ endTimeoutSeconds: .inf }',
      '2:31 manager.endTimeoutSeconds: expected a finite number >= 0, got Infinity',
    ],
    ['{ seed: -1 }', '2:18 manager.seed: expected an integer in [0, 9007199254740991], got -1'],
    [
      '{ seed: 9007199254740992 }',
      '2:18 manager.seed: expected an integer in [0, 9007199254740991], got 9007199254740992',
    ],
    ['{ onFailure: best }', `2:23 manager.onFailure: ${FAILURE} "best"`],
    ['{ onFailure: 5 }', `2:23 manager.onFailure: ${FAILURE} 5`],
    ['{ onFailure: { recover: x } }', '2:34 manager.onFailure.recover: expected a number, got "x"'],
    [
      '{ onFailure: { recover: .inf } }',
      '2:34 manager.onFailure.recover: expected a finite number, got Infinity',
    ],
    ['{ onFailure: {} }', '2:23 manager.onFailure.recover: expected a number, got nothing'],
    ['{ onFailure: { value: 5 } }', '2:25 manager.onFailure.value: unknown option (known: recover)'],
    ['{ logDir: 5 }', '2:20 manager.logDir: expected a text that is not empty, got 5'],
    ['{ logCopySeconds: 0 }', '2:28 manager.logCopySeconds: expected a number >= 1, got 0'],
    ['{ minFreeBytes: -1 }', '2:26 manager.minFreeBytes: expected an integer >= 0, got -1'],
    ['{ maxjobs: 5 }', '2:12 manager.maxjobs: unknown option; did you mean maxJobs?'],
  ])('%s is refused', async (text, line) => {
    expect(await refusal(`${TASK}manager: ${text}`)).toContain(`c.yaml:${line}`);
  });
});
