import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', 'src');

/** Which folders each folder of `src/` may import, besides itself. `core` holds what belongs to no part: errors, clock, random numbers. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  space: ['core'],
  conditions: ['core', 'space'],
  optimizers: ['core', 'conditions', 'space'],
  hunters: ['core', 'conditions', 'space'],
  checkers: ['core', 'conditions', 'space'],
  selectors: ['core', 'conditions', 'space'],
  generators: ['core', 'conditions', 'space'],
  processes: ['core'],
  tasks: ['core', 'processes', 'space'],
  backends: ['core', 'optimizers', 'tasks', 'processes', 'space'],
  // A row's status is the task's, and the log is written in the task's words.
  log: ['core', 'tasks'],
  control: ['core'],
  messages: ['core'],
  config: [
    'core',
    'space',
    'tasks',
    'optimizers',
    'hunters',
    'checkers',
    'selectors',
    'generators',
    'conditions',
  ],
  views: ['core', 'log', 'control'],
  manager: [
    'core',
    'config',
    'backends',
    'log',
    'control',
    'conditions',
    'optimizers',
    'hunters',
    'checkers',
    'selectors',
    'generators',
    'space',
    'tasks',
    '.',
  ],
  pool: ['core', 'backends', 'processes'],
  bench: ['core', 'config', 'backends', 'log', 'manager', 'processes', 'tasks', '.'],
  cli: ['*'],
  '.': ['*'],
};

/** Packages and Node modules that one folder alone may touch, or one inside of it. */
const ONLY_IN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^better-sqlite3$/, ['log']],
  [/^yaml$/, ['config']],
  [/^zod$/, ['config']],
  [/^piscina$/, ['backends']],
  // The log folds its own file in a thread.
  [/^(node:)?worker_threads$/, ['backends', 'log', 'pool']],
  [/^acorn$/, ['pool']],
  [/^execa$/, ['processes']],
  [/^(node:)?child_process$/, ['processes']],
  [/^@nats-io\//, ['backends/cluster']],
  [/^rxjs/, ['manager', 'views']],
  [/^commander$/, ['cli']],
  [/^(pino|sonic-boom)$/, ['messages']],
];

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly specifier: string;
}

function sources(): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

function folderOf(file: string): string {
  return file.includes(path.sep) ? file.split(path.sep)[0]! : '.';
}

export function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"]+)\1/g);
  return [...found].map((match) => ({ file, folder: folderOf(file), specifier: match[2]! }));
}

/** What is wrong with an import, if anything. */
export function faultOf({ file, folder, specifier }: Import): string | undefined {
  if (specifier.startsWith('.')) {
    const target = folderOf(path.join(path.dirname(file), specifier));
    const allowed = MAY_IMPORT[folder] ?? [];
    if (target === folder || allowed.includes('*') || allowed.includes(target)) return undefined;
    return `${file} imports ${target}/ (${specifier}), which ${folder}/ may not`;
  }
  if (folder === 'optimizers')
    return `${file} imports ${specifier}: optimizers import no package and no Node module`;
  const rule = ONLY_IN.find(([pattern]) => pattern.test(specifier));
  const directory = path.posix.dirname(file.replaceAll(path.sep, '/'));
  if (rule && !rule[1].some((place) => place === folder || place === directory))
    return `${file} imports ${specifier}, which only ${rule[1].join(', ')} may`;
  return undefined;
}

describe('the architecture', () => {
  const imports = sources().flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')));

  it('has a rule for every folder', () => {
    expect([...new Set(sources().map(folderOf))].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it('is kept by every import', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it.each([
    ['hunters/a.ts', "import { Run } from '../manager/run.ts';"],
    ['manager/a.ts', "import { main } from '../cli/main.ts';"],
    ['optimizers/math/a.ts', "import { readFileSync } from 'node:fs';"],
    ['optimizers/a.ts', "import { Subject } from 'rxjs';"],
    ['manager/a.ts', "import Database from 'better-sqlite3';"],
    ['tasks/a.ts', "const { execa } = await import('execa');"],
    ['backends/pool/a.ts', "const { jetstream } = await import('@nats-io/jetstream');"],
    ['views/a.ts', "import { Run } from '../manager/run.ts';"],
    ['config/a.ts', "export { x } from '../backends/x.ts';"],
  ])('would see that %s is not allowed: %s', (file, text) => {
    expect(importsOf(file, text).map(faultOf)).toEqual([expect.stringContaining(file)]);
  });
});
