import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toPlain, toYaml } from '../../src/config/write.ts';
import { fitsSchema } from './fits-schema.ts';
import { dir, load, refusal } from './support.ts';

const PARAMETERS = 'parameters: [{ name: a, min: 0, max: 1 }, { name: b c, value: 2 }]\n';
const PLAIN = 'parameters: [{ name: a, min: 0, max: 1 }]\n';
const accepts = (text: string): boolean => fitsSchema(parse(text));

writeFileSync(join(dir, 'model.tpl'), 'a = {{a}}\nb = {{ b c:%.3f }}\n');
writeFileSync(join(dir, 'wrong.tpl'), 'a = {{a}}\n\n  b = {{bc}}\n');
writeFileSync(join(dir, 'plain'), '');
mkdirSync(join(dir, 'folder'), { recursive: true });
writeFileSync(join(dir, 'program'), '#!/bin/sh\n');
chmodSync(join(dir, 'program'), 0o755);

for (const [name, text] of [
  ['windows.sh', '#!/bin/sh\r\necho 1\r\n'],
  ['no-interpreter.sh', '#!/usr/bin/nosuch -x\necho 1\n'],
] as const) {
  writeFileSync(join(dir, name), text);
  chmodSync(join(dir, name), 0o755);
}

describe('task.command', () => {
  it.each([
    'task: { command: [./program, "{a}"] }',
    'task: { command: [sh, -c, "echo 1"], stdin: json, directory: "." }',
    'task: { command: "echo $(({a} + 1))", shell: true }',
    'task: { command: [sh], environment: { pass: [OMP_*], set: { A: "{a}" } }, templates: { model.in: model.tpl } }',
    'task: { command: [sh], workDirectory: { keep: best, copy: [model.tpl], link: [program] } }',
    'task: { command: [sh], workDirectory: true }',
    'task: { command: [sh], workDirectory: failed, graceSeconds: 0, okExitCodes: [0, 1], retryExitCodes: [] }',
    'task: { command: [sh], dakota: true }',
    'task: { command: [sh], dakota: aprepro }',
    'task: { command: [sh], dakota: { calibrationTerms: [r1, r2], fileTag: true, metadata: [s], nonlinearInequalityConstraints: [c] } }',
    'task: { command: [sh], read: numbers }',
    'task: { command: [sh], read: { pattern: "x=(.*)" } }',
    'task: { command: [sh], read: { value: { json: "a.b[0]", file: out.json }, extras: { n: last-number, m: { numbers: f } } } }',
    'task: { command: [sh], read: { residuals: { near: numbers, far: { last-number: f } } }, residuals: { near: 2 } }',
    'task: { command: [sh], read: { residuals: { json: r } } }',
  ])('may be %s, and is written as it is read', async (text) => {
    const parameters = text.includes('dakota') ? PLAIN : PARAMETERS;
    const config = await load(`${text}\n${parameters}`);
    expect(accepts(`${text}\n${parameters}`)).toBe(true);
    expect(await load(toYaml(config))).toStrictEqual(config);
    expect(fitsSchema(toPlain(config))).toBe(true);
  });

  it('runs in processes unless something else is said, where programs cost least', async () => {
    const config = await load(`task: { command: [sh] }\n${PARAMETERS}`);
    expect(config.manager.backend).toBe('processes');
    const other = await load(`task: { command: [sh] }\nmanager: { backend: inline }\n${PARAMETERS}`);
    expect(other.manager.backend).toBe('inline');
  });

  it('finds its program beside the configuration, or on PATH', async () => {
    const spec = (await load(`task: { command: [./program, x] }\n${PARAMETERS}`)).task;
    expect(spec).toMatchObject({ argv: [join(dir, 'program'), 'x'], cwd: dir });
    expect((await load(`task: { command: [awk] }\n${PARAMETERS}`)).task).toMatchObject({ argv: ['awk'] });
  });

  it.each([
    [
      'command: [nosuch]',
      'c.yaml:1:19 task.command[0]: there is no program nosuch on PATH; for one beside this file write ./nosuch',
    ],
    ['command: [./nosuch]', 'c.yaml:1:19 task.command[0]: nosuch is no program: there is no such file'],
    [
      'command: [./plain]',
      'c.yaml:1:19 task.command[0]: plain is no program: it may not be executed (chmod +x)',
    ],
    [
      'command: [program]',
      'c.yaml:1:19 task.command[0]: there is no program program on PATH; for one beside this file write ./program',
    ],
    [
      'command: [./windows.sh]',
      'c.yaml:1:19 task.command[0]: windows.sh cannot be started: its lines end as those of Windows do (\\r\\n); write them with \\n alone (dos2unix)',
    ],
    [
      'command: [./no-interpreter.sh]',
      'c.yaml:1:19 task.command[0]: no-interpreter.sh cannot be started: its first line names /usr/bin/nosuch, which does not exist',
    ],
    ['command: [./folder]', 'c.yaml:1:19 task.command[0]: folder is no program: it is a directory'],
    ['command: [sh, "a\\0b"]', 'c.yaml:1:23 task.command[1]: has a NUL in it, which no argument can have'],
    ['command: []', 'c.yaml:1:18 task.command: expected a list of at least 1, got an empty list'],
    ['command: 5', 'c.yaml:1:18 task.command: expected a list of at least 1, got 5'],
    [
      'command: sh',
      'c.yaml:1:18 task.command: expected a list, [program, argument, …], got a text; with shell: true a text is interpreted by /bin/sh',
    ],
    [
      'command: [sh], shell: true',
      'c.yaml:1:18 task.command: expected a text, since shell is true, got a list of 1',
    ],
    [
      'command: [sh, "{aa}"]',
      'c.yaml:1:23 task.command[1]: unknown parameter aa; did you mean a? (write {{…}} for a text in braces)',
    ],
    [
      'command: [sh, "{a:%q}"]',
      "c.yaml:1:23 task.command[1]: unknown number format %q, expected one of C's printf: %.6f, %12.5e, %g, %d (write {{…}} for a text in braces)",
    ],
    [
      'command: "cat {@directory}", shell: true',
      'c.yaml:1:18 task.command: in a text for the shell write "$GLOMPO_DIRECTORY" and "$GLOMPO_CONFIG", which any path survives',
    ],
    ['command: [sh], sdtin: json', 'c.yaml:1:24 task.sdtin: unknown option; did you mean stdin?'],
    ['command: [sh], stdin: yaml', 'c.yaml:1:31 task.stdin: expected one of none, json, got "yaml"'],
    ['command: [sh], directory: no', 'c.yaml:1:35 task.directory: no is no directory'],
    [
      'command: [sh], templates: { m: no.tpl }',
      /task\.templates\.m: cannot read the template no\.tpl: ENOENT/,
    ],
    [
      'command: [sh], templates: { ../m: model.tpl }',
      'c.yaml:1:37 task.templates["../m"]: expected the name of a file in the work directory',
    ],
    [
      'command: [sh], templates: { m: wrong.tpl }',
      'c.yaml:1:40 task.templates.m: wrong.tpl:3:7 unknown parameter bc; did you mean b c?',
    ],
    [
      'command: [sh], templates: { m: model.tpl }, workDirectory: false',
      'c.yaml:1:68 task.workDirectory: templates and dakota need a directory for each evaluation',
    ],
    ['command: [sh], workDirectory: some', 'c.yaml:1:39 task.workDirectory: expected a map, got "some"'],
    [
      'command: [sh], workDirectory: { copy: [no] }',
      'c.yaml:1:48 task.workDirectory.copy[0]: no does not exist',
    ],
    [
      'command: [sh], environment: { set: { A=B: x } }',
      'c.yaml:1:46 task.environment.set["A=B"]: expected letters, digits and _',
    ],
    [
      'command: [sh], environment: { set: { A: "{x}" } }',
      'c.yaml:1:49 task.environment.set.A: unknown parameter x; did you mean a? (write {{…}} for a text in braces)',
    ],
    [
      'command: [sh], dakota: { objectiveFunctions: [f], calibrationTerms: [r] }',
      'c.yaml:1:32 task.dakota: expected objectiveFunctions or calibrationTerms, got both',
    ],
    [
      'command: [sh], dakota: { metadata: [obj_fn] }',
      'c.yaml:1:32 task.dakota: two things are labelled obj_fn',
    ],
    ['command: [sh], directory: plain', 'c.yaml:1:35 task.directory: plain is no directory'],
    [
      'command: [sh], dakota: { parametersFile: ../p }',
      'c.yaml:1:50 task.dakota.parametersFile: expected the name of a file in the work directory, without a slash',
    ],
    [
      'command: [sh], dakota: aprepro',
      'c.yaml:1:32 task.dakota: the parameter "b c" cannot be a label in Dakota\'s aprepro format: rename it, or use format: json',
    ],
    [
      'command: [sh], dakota: true, read: numbers',
      'c.yaml:1:44 task.read: dakota says what is read: the results file',
    ],
    [
      'command: [sh], read: { json: "a..b" }',
      'c.yaml:1:38 task.read.json: expected a path such as result.loss, terms[0] or ["a.b"]',
    ],
    ['command: [sh], read: { pattern: "(" }', /task\.read\.pattern: Invalid regular expression/],
    [
      'command: [sh], read: { json: a, pattern: b }',
      'c.yaml:1:30 task.read: expected one of json, pattern, last-number, numbers, got json and pattern',
    ],
    [
      'command: [sh], read: { value: numbers, residuals: numbers }',
      'c.yaml:1:30 task.read: expected value or residuals, of which the value follows, got both',
    ],
    [
      'command: [sh], read: { val: numbers }',
      'c.yaml:1:32 task.read.val: unknown option; did you mean value?',
    ],
    [
      'command: [sh], module: task.ts',
      'c.yaml:1:7 task: expected one of module, benchmark, command, python, got module and command',
    ],
  ] as const)('%s is refused', async (text, line) => {
    const lines = await refusal(`task: { ${text} }\n${PARAMETERS}`);
    expect(lines).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  });
});
