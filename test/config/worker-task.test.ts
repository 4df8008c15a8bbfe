import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resolveConfig } from '../../src/config/resolve.ts';
import { toPlain, toYaml } from '../../src/config/write.ts';
import type { TaskSpec } from '../../src/tasks/contract.ts';
import { filesOf } from '../../src/tasks/files.ts';
import { PYTHON_WORKER } from '../../src/tasks/worker/python.ts';
import { dir, load, refusal } from './support.ts';

const PARAMETERS = 'parameters: [{ name: a, min: 0, max: 1 }, { name: b, value: 2 }]\n';
mkdirSync(join(dir, 'bin'));
writeFileSync(join(dir, 'bin', 'sim'), '#!/bin/sh\n');
chmodSync(join(dir, 'bin', 'sim'), 0o755);
writeFileSync(join(dir, 'bin', 'plain'), '');
writeFileSync(join(dir, 'fit.py'), 'def loss(x): return 0.0\n');
writeFileSync(join(dir, 'odd:name.py'), '');

const taskOf = async (text: string): Promise<TaskSpec> => (await load(`task: ${text}\n${PARAMETERS}`)).task;

describe('a program that stays up', () => {
  it('is found beside the file or on PATH, and runs beside the file', async () => {
    expect(await taskOf('{ command: [bin/sim, --fast, in.txt], protocol: jsonl }')).toStrictEqual({
      kind: 'worker',
      argv: [join(dir, 'bin/sim'), '--fast', 'in.txt'],
      cwd: dir,
      startSeconds: 60,
      label: 'sim --fast in.txt',
      written: {
        command: [join(dir, 'bin/sim'), '--fast', 'in.txt'],
        protocol: 'jsonl',
        directory: dir,
        startSeconds: 60,
      },
    });
    expect(await taskOf('{ command: [sh], protocol: jsonl, directory: bin }')).toMatchObject({
      argv: ['sh'],
      cwd: join(dir, 'bin'),
    });
  });

  it('has options', async () => {
    const text =
      '{ command: [sh], protocol: jsonl, startSeconds: 5, maxEvaluationsPerWorker: 100, environment: { pass: [PATH, OMP_*], set: { A: 1, B: yes, C: true } } }';
    expect(await taskOf(text)).toMatchObject({
      startSeconds: 5,
      maxEvaluationsPerWorker: 100,
      environment: { pass: ['PATH', 'OMP_*'], set: { A: '1', B: 'yes', C: 'true' } },
    });
    expect(await taskOf('{ command: [sh], protocol: jsonl, environment: }')).not.toHaveProperty(
      'environment',
    );
  });

  it.each([
    '{ command: [bin/sim, "a b"], protocol: jsonl }',
    '{ command: [sh], protocol: jsonl, directory: bin, maxEvaluationsPerWorker: 3, environment: { set: { A: 1 } }, residuals: { r: 2 } }',
    '{ python: fit.py:loss }',
    '{ python: fit.py, interpreter: bin/sim, environment: { pass: [] }, startSeconds: 2.5 }',
  ])('is the same when it is written and read from elsewhere: %s', async (text) => {
    const config = await load(`task: ${text}\n${PARAMETERS}`);
    const again = await resolveConfig(parse(toYaml(config)), { baseDir: '/' });
    expect(again.task).toStrictEqual(config.task);
    expect(toPlain(again)['task']).toStrictEqual(toPlain(config)['task']);
  });

  it.each([
    [
      '{ command: [simx], protocol: jsonl }',
      'c.yaml:1:19 task.command[0]: there is no program simx on PATH; for one beside this file write ./simx',
    ],
    [
      '{ command: [bin/no], protocol: jsonl }',
      'c.yaml:1:19 task.command[0]: bin/no is no program: there is no such file',
    ],
    [
      '{ command: [bin/plain], protocol: jsonl }',
      'c.yaml:1:19 task.command[0]: bin/plain is no program: it may not be executed (chmod +x)',
    ],
    ['{ command: [sh], protocol: json }', 'c.yaml:1:34 task.protocol: expected one of jsonl, got "json"'],
    ['{ command: sh, protocol: jsonl }', 'c.yaml:1:18 task.command: expected a list of at least 1, got "sh"'],
    [
      '{ command: [], protocol: jsonl }',
      'c.yaml:1:18 task.command: expected a list of at least 1, got an empty list',
    ],
    ['{ command: [sh, 5], protocol: jsonl }', 'c.yaml:1:23 task.command[1]: expected a text, got 5'],
    ['{ command: [sh], protocol: jsonl, directory: no }', 'c.yaml:1:52 task.directory: no is no directory'],
    [
      '{ command: [sh], protocol: jsonl, startSeconds: 0 }',
      'c.yaml:1:55 task.startSeconds: expected a number in (0, 86400], got 0',
    ],
    [
      '{ command: [sh], protocol: jsonl, environment: [A] }',
      'c.yaml:1:54 task.environment: expected a map with pass and set, got a list of 1',
    ],
    [
      '{ command: [sh], protocol: jsonl, environment: { pas: [A] } }',
      'c.yaml:1:56 task.environment.pas: unknown option; did you mean pass?',
    ],
    [
      '{ command: [sh], protocol: jsonl, environment: { set: { A: [] } } }',
      'c.yaml:1:66 task.environment.set.A: expected a text, a number, true or false, got an empty list',
    ],
    [
      '{ command: [sh], protocol: jsonl, interpreter: sh }',
      'c.yaml:1:41 task.interpreter: unknown option (known: command, protocol, directory, maxEvaluationsPerWorker, startSeconds, environment)',
    ],
    [
      '{ command: [sh], python: fit.py }',
      'c.yaml:1:7 task: expected one of module, benchmark, command, python, got command and python',
    ],
    ['{ pyton: fit.py }', 'c.yaml:1:9 task.pyton: unknown option; did you mean python?'],
    [
      '{ python: no.py:f }',
      'c.yaml:1:17 task.python: no.py does not exist; expected a Python file, or file.py:function',
    ],
    [
      '{ python: fit.py, interpreter: python9 }',
      'c.yaml:1:38 task.interpreter: there is no program python9 on PATH',
    ],
    ['{ python: "" }', 'c.yaml:1:17 task.python: expected a text that is not empty, got ""'],
    [
      '{ python: fit.py, maxEvaluationsPerWorker: 0 }',
      'c.yaml:1:50 task.maxEvaluationsPerWorker: expected an integer >= 1, got 0',
    ],
  ])('is refused: %s', async (text, line) => {
    expect((await refusal(`task: ${text}\n${PARAMETERS}`)).join('\n')).toContain(line);
  });

  it('is tried with the names of the parameters, and what is wrong is told where it stands', async () => {
    const seen: unknown[] = [];
    const probe = async (spec: TaskSpec, names?: readonly string[]): Promise<string> => {
      seen.push(spec.kind, names);
      return 'it does not get ready';
    };
    const command = `task: { command: [sh], protocol: jsonl }\n${PARAMETERS}`;
    expect(await refusal(command, { probe })).toEqual(['c.yaml:1:18 task.command: it does not get ready']);
    expect(await refusal(`task: { python: fit.py }\n${PARAMETERS}`, { probe })).toEqual([
      'c.yaml:1:17 task.python: it does not get ready',
    ]);
    expect(seen).toEqual(['worker', ['a', 'b'], 'worker', ['a', 'b']]);
  });
});

describe('a Python function', () => {
  it('is called by our worker', async () => {
    expect(await taskOf('{ python: fit.py:loss }')).toStrictEqual({
      kind: 'worker',
      argv: ['python3', '-u', PYTHON_WORKER, join(dir, 'fit.py'), 'loss'],
      cwd: dir,
      startSeconds: 60,
      label: 'python fit.py:loss',
      written: {
        python: `${join(dir, 'fit.py')}:loss`,
        interpreter: 'python3',
        directory: dir,
        startSeconds: 60,
      },
    });
    const other = await taskOf('{ python: fit.py, interpreter: bin/sim }');
    expect(other).toMatchObject({ label: 'python fit.py', written: { interpreter: join(dir, 'bin/sim') } });
    expect(await taskOf('{ python: "odd:name.py" }')).toMatchObject({ label: 'python odd:name.py' });
  });

  it('is another task when its file changes, and not when our worker does', async () => {
    expect(filesOf(await taskOf('{ python: fit.py:loss }'))).toEqual([join(dir, 'fit.py')]);
  });
});
