import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigError } from '../../src/config/problems.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { fitsSchema } from './fits-schema.ts';
import { mutants, type Steps } from './mutations.ts';
import { dir } from './support.ts';
import { ofComponents, SECTIONS } from './valid-configs.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Rules that are about several places at once, about the machine, or in a language of their own: those that a JSON Schema cannot tell. */
const BEYOND_A_SCHEMA: readonly RegExp[] = [
  // What is there on this machine.
  /does not exist|is no directory|is no program|there is no program|cannot be imported|cannot read the template/,
  /expected the name of a program first/,
  // Numbers beside numbers.
  /expected a number > min|expected a number in \[.*\], got/,
  /expected at most maxJobs|as manager\.backend is|must not be above|must grow/,
  /one threshold fewer than|one weight for each|parameters for a particle/,
  /a reproducible run|depend on the time|migrat/,
  // Names that are to be different, or to be there.
  /a name of its own|labelled|unknown parameter|optimizer-type.*unknown optimizer|is not a free parameter|there is no parameter|cannot be a label|expected \d+ parameters/,
  /expected at least one parameter with min and max/,
  // Expressions.
  /\(at character \d+\)|a comparison of parameters|expected a path such as|regular expression/,
  /of must be fx or extras\.NAME/,
  // Keys that exclude each other, where each alone is right.
  /templates and dakota need a directory|dakota says what is read|got both|names its file itself/,
];

async function refusals(value: unknown, baseDir: string): Promise<readonly string[]> {
  try {
    await resolveConfig(value, { baseDir });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => `${problem.path}: ${problem.message}`);
  }
}

/** In what the two disagree about a configuration; nothing when they do not, or only where they must. */
async function disagreement(value: unknown, baseDir: string): Promise<string | undefined> {
  const told = await refusals(value, baseDir);
  if (!fitsSchema(value)) return told.length > 0 ? undefined : 'refused by the schema alone';
  const unknown = told.filter((line) => !BEYOND_A_SCHEMA.some((rule) => rule.test(line)));
  return unknown.length > 0 ? `accepted by the schema alone: ${unknown.join(' | ')}` : undefined;
}

/** What is valid, with every change that is made in it. */
async function disagreements(
  value: unknown,
  baseDir: string,
  isOfInterest: (steps: Steps) => boolean,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { change, value: mutant } of mutants(value, isOfInterest)) {
    const told = await disagreement(mutant, baseDir);
    if (told !== undefined) found.push(`${change}: ${told}`);
  }
  return found;
}

const read = (
  file: string,
): { readonly name: string; readonly value: unknown; readonly baseDir: string } => ({
  name: file,
  value: parse(readFileSync(path.join(root, file), 'utf8')) as unknown,
  baseDir: path.dirname(path.join(root, file)),
});
const filesIn = (folder: string): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.join(folder, file));

const FILES = [...filesIn('configs'), ...filesIn('examples')].map(read);
const WRITTEN = SECTIONS.map((value, i) => ({ name: `configuration ${i + 1}`, value, baseDir: dir }));
const COMPONENTS = [...ofComponents()];
/** What programs that are compiled first are not there for. */
const NOT_BUILT = /is no program/;

beforeAll(() => {
  writeFileSync(path.join(dir, 'fit.py'), '');
});

/** Parameters are all alike. */
function isWorthChanging([section, i]: Steps): boolean {
  return section !== 'parameters' || !(Number(i) > 2);
}

/** @param draw from 0 to 1: which of all changes */
function changed(value: unknown, draw: number): unknown {
  const every = [...mutants(value)];
  return every[Math.floor(draw * every.length)]!.value;
}

const draws: fc.Arbitrary<number> = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the JSON Schema and the checks of a configuration', () => {
  it.each([...FILES, ...WRITTEN])(
    'take $name, and agree on every change in it',
    async ({ value, baseDir }) => {
      expect(fitsSchema(value)).toBe(true);
      expect((await refusals(value, baseDir)).filter((line) => !NOT_BUILT.test(line))).toEqual([]);
      expect(await disagreements(value, baseDir, isWorthChanging)).toEqual([]);
    },
    120_000,
  );

  it.each(COMPONENTS)(
    'take the options of $name, and agree on every change in them',
    async ({ name, config }) => {
      expect(fitsSchema(config)).toBe(true);
      expect(await refusals(config, dir)).toEqual([]);
      const isOfInterest = (steps: Steps): boolean =>
        steps.includes(name) || (steps[0] === 'task' && 'benchmark' in config);
      expect(await disagreements(config, dir, isOfInterest)).toEqual([]);
    },
    120_000,
  );

  it('agree on two changes at once', async () => {
    const all = [...FILES, ...WRITTEN, ...COMPONENTS.map(({ config }) => ({ value: config, baseDir: dir }))];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), draws, draws, async ({ value, baseDir }, first, second) => {
        expect(await disagreement(changed(changed(value, first), second), baseDir)).toBeUndefined();
      }),
      { numRuns: 250 },
    );
  }, 120_000);
});

describe('the configurations of benchmarks', () => {
  it.each(filesIn('bench/configs').map(read))('$name fits, with the task that it is given', ({ value }) => {
    expect(fitsSchema({ ...(value as object), task: { benchmark: 'sphere', dimension: 2 } })).toBe(true);
  });
});
