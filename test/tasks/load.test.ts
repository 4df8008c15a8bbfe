import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskSpec } from '../../src/tasks/contract.ts';
import { loadTask } from '../../src/tasks/load.ts';

let worker: Worker;
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'glompo-tasks-'));
  worker = new Worker(new URL('./load-worker.ts', import.meta.url), { execArgv: [] });
});

afterAll(async () => {
  await worker.terminate();
  rmSync(dir, { recursive: true });
});

/** Loads a task in a worker thread and calls it with (3, 4); what it gives, or the error. */
async function load(spec: TaskSpec): Promise<unknown> {
  worker.postMessage(spec);
  const [answer] = (await once(worker, 'message')) as [unknown];
  return answer;
}

let files = 0;

/** Writes `source` to a file of its own and loads it; its directory is left out of messages. */
async function loadSource(source: string, name = 'task.ts', exportName?: string): Promise<unknown> {
  const folder = join(dir, String(++files));
  mkdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, source);
  const answer = await load({
    kind: 'module',
    path,
    ...(exportName === undefined ? {} : { export: exportName }),
  });
  return JSON.parse(JSON.stringify(answer).replaceAll(`${folder}/`, '')) as unknown;
}

const ok = (fx: number): unknown => ({ status: 'ok', fx });
const failed = (message: string): unknown => ({ code: 'task-load-failed', message });

describe('the task of a module', () => {
  it('is its default export', async () => {
    const source =
      'export default (x: Float64Array): number => x[0] + x[1];\nexport const evaluate = () => 0;';
    expect(await loadSource(source)).toEqual(ok(7));
  });

  it('is its export called evaluate when there is no default one', async () => {
    expect(
      await loadSource(
        'export const other = () => 0;\nexport function evaluate(x) { return x[1]; }',
        'task.js',
      ),
    ).toEqual(ok(4));
  });

  it('is its only function when neither is there', async () => {
    expect(
      await loadSource('export const answer = 42;\nexport const fitness = (x) => x[0];', 'task.mjs'),
    ).toEqual(ok(3));
  });

  it('is the export that was named', async () => {
    const source = 'export default () => 0;\nexport const second = () => 2;';
    expect(await loadSource(source, 'task.ts', 'second')).toEqual(ok(2));
  });

  it('may be an object, whose method keeps its this', async () => {
    const source = `class Sum {
      #factor = 10;
      evaluate(x) { return this.#factor * x[0]; }
    }
    export default new Sum();`;
    expect(await loadSource(source)).toEqual(ok(30));
  });

  it('may be a CommonJS module', async () => {
    expect(await loadSource('module.exports = (x) => x[0];', 'task.cjs')).toEqual(ok(3));
    expect(await loadSource('exports.helper = 1; exports.run = (x) => x[1];', 'task.cjs')).toEqual(ok(4));
  });

  it('may be imported within the process too', async () => {
    const path = join(dir, 'inline.mjs');
    writeFileSync(path, 'export default (x) => x[0];');
    const task = await loadTask({ kind: 'module', path });
    expect(task.evaluate(Float64Array.of(5), undefined as never)).toBe(5);
  });
});

describe('a module that is no task is refused', () => {
  const cases: readonly [why: string, source: string, message: string, name?: string, exportName?: string][] =
    [
      [
        'it exports nothing',
        'const x = 1;',
        'exports nothing; expected a function or an object with evaluate',
      ],
      [
        'it exports no function',
        'export const answer = 42;\nexport default { run() {} };',
        'exports answer (42), default (an object); expected a function or an object with evaluate',
      ],
      [
        'it exports several functions',
        'export const f = () => 1;\nexport const g = () => 2;',
        'exports several functions (f, g), none of them default or evaluate; say which with export',
      ],
      [
        'its default export is a class',
        'export default class Fitness { evaluate() { return 1; } }',
        'exports default as a class; expected a function or an object with evaluate, such as new of that class',
      ],
      [
        'the export is not there',
        'export const fitness = () => 1;',
        'has no export fitnes; did you mean fitness? (it exports fitness (the function fitness))',
        'task.ts',
        'fitnes',
      ],
      [
        'the export is no function',
        'export const answer = [1, 2];',
        'exports answer as a list of 2; expected a function or an object with evaluate',
        'task.ts',
        'answer',
      ],
      [
        'the export is a class',
        'export class A {}',
        'exports A as a class; expected a function or an object with evaluate, such as new of that class',
        'task.ts',
        'A',
      ],
      [
        'it does not parse',
        'export default (x) => {\n  return x +;\n}',
        "does not parse: Unexpected token ';'",
        'task.js',
      ],
      [
        'it does not parse',
        'const a: number = 1;\nexport default (x) => x +;',
        'does not parse at line 2: Expression expected',
      ],
      [
        'it does not parse',
        'module.exports = () =>\n 1 +;',
        "does not parse at line 2: Unexpected token ';'",
        'task.cjs',
      ],
      [
        'it has an enum',
        'export const a = 1;\nenum Kind { A }\nexport default () => Kind.A;',
        'uses TypeScript that Node cannot run at line 2: Node runs TypeScript by stripping its types; enum needs to be compiled, write it as plain JavaScript or a const object',
      ],
      [
        'it has a namespace',
        'namespace A { export const b = 1; }\nexport default () => A.b;',
        'uses TypeScript that Node cannot run at line 1: Node runs TypeScript by stripping its types; namespace declaration needs to be compiled, write it as plain JavaScript',
      ],
      [
        'it has a parameter property',
        'class A { constructor(private x: number) {} }\nexport default () => 1;',
        'uses TypeScript that Node cannot run at line 1: Node runs TypeScript by stripping its types; parameter property needs to be compiled, write it as plain JavaScript',
      ],
      [
        'it throws',
        'throw new TypeError("no licence:\\n  call us");',
        'threw TypeError when it was imported: no licence: call us',
      ],
      [
        'it throws a text',
        'throw "no licence";',
        'threw "no licence", which is not an Error, when it was imported',
      ],
      [
        'it throws a SyntaxError of its own',
        'JSON.parse("{");',
        "threw SyntaxError when it was imported: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
      ],
      [
        'a package is missing',
        'import "not-there";',
        "imports what is not there: Cannot find package 'not-there' imported from task.ts",
      ],
      [
        'an export of another module is missing',
        'import { nothing } from "node:fs";',
        "imports what is not there at line 1: The requested module 'node:fs' does not provide an export named 'nothing'",
      ],
      [
        'it is of another language',
        'print(1)',
        'is not JavaScript or TypeScript (.ts, .mts, .cts, .js, .mjs, .cjs)',
        'task.py',
      ],
    ];

  it.each(cases)('since %s', async (_, source, message, name = 'task.ts', exportName?) => {
    expect(await loadSource(source, name, exportName)).toEqual(failed(`task module ${name} ${message}`));
  });

  it('naming the other file when that does not parse', async () => {
    const other = join(dir, 'other.ts');
    writeFileSync(other, '\n\nlet x: number = +;');
    expect(await loadSource(`import ${JSON.stringify(other)};`)).toEqual(
      failed(`task module task.ts does not parse at line 3 of ${other}: Expression expected`),
    );
  });

  it('since there is no such file', async () => {
    const path = join(dir, 'missing.ts');
    expect(await load({ kind: 'module', path })).toEqual(failed(`task module ${path} does not exist`));
  });

  it('since it is a directory', async () => {
    expect(await load({ kind: 'module', path: dir })).toEqual(
      failed(`task module ${dir} is a directory, expected a .ts or .js file`),
    );
  });
});

describe('a benchmark', () => {
  it('is loaded by name', async () => {
    expect(await load({ kind: 'benchmark', name: 'sphere', options: { dimension: 2 } })).toEqual(ok(25));
  });

  it('is refused when there is none of that name', async () => {
    expect(await load({ kind: 'benchmark', name: 'rosenbrok', options: { dimension: 2 } })).toEqual({
      code: 'component-unknown',
      message: expect.stringMatching(
        /^unknown benchmark rosenbrok; did you mean rosenbrock\? \(known: ackley, .*zero-sum\)$/,
      ) as string,
    });
  });

  it('is refused for a dimension that it does not have', async () => {
    expect(await load({ kind: 'benchmark', name: 'rosenbrock', options: { dimension: 1 } })).toEqual(
      failed('benchmark rosenbrock: dimension: expected an integer in [2, 10000], got 1'),
    );
  });
});
