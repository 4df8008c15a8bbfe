import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outsideOptimizers } from '../../src/optimizers/outside/registry.ts';
import { optimizers } from '../../src/optimizers/registry.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../docs/optimizers/${file}`, import.meta.url), 'utf8');

/** The cells of the first two columns of the table under a heading, without its head. */
function rowsUnder(page: string, heading: string): readonly (readonly [string, string])[] {
  const section = page.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) => {
    const [, first, second] = line.split(' | ').flatMap((cell, i) => (i === 0 ? ['', cell] : [cell]));
    return [first!.replaceAll(/[|`\s]/g, ''), second!.trim()] as const;
  });
}

/** They sample, whatever the values, or want residuals. */
const OTHERS: ReadonlySet<string> = new Set([
  'random',
  'sobol',
  'latin-hypercube',
  'grid',
  'repeat',
  'levenberg-marquardt',
  'dfo-ls',
]);

describe('the documentation of optimizers', () => {
  it('lists every optimizer in its index', () => {
    const index = read('README.md');
    for (const name of optimizers.names()) expect(index).toContain(`[${name}](${name}.md)`);
  });

  it('has every optimizer in the table of what each is, and all that minimize any function in that of evaluations', () => {
    const [all, evaluations] = read('README.md')
      .split('\n| optimizer ')
      .slice(1)
      .map((table) => {
        const rows = table.split('\n\n')[0]!.split('\n').slice(2);
        return rows.flatMap((row) => [...row.matchAll(/\[([a-z-]+)\]\(\1\.md\)/gu)].map(([, name]) => name!));
      });
    expect(all!.toSorted()).toEqual([...optimizers.names()].toSorted());
    expect(evaluations).toEqual([...optimizers.names()].filter((name) => !OTHERS.has(name)).toSorted());
  });

  it.each(optimizers.all().map((component) => [component.name, component] as const))(
    'has a page for %s with its options and their defaults, what stops it and where it comes from',
    (name, { options }) => {
      const page = read(`${name}.md`);
      expect(page.startsWith(`# ${name}\n`)).toBe(true);
      const rows = rowsUnder(page, 'Options');
      expect(rows.map(([key]) => key)).toEqual(Object.keys(options.properties));
      for (const [key, written] of rows) {
        const { default: value } = options.properties[key]!;
        if (value === undefined) {
          // Said in words, as it depends on the dimension or means "none".
          expect(written).toMatch(/^[^`]+$/u);
          continue;
        }
        const code = /^`(.+)`$/u.exec(written)?.[1];
        expect([key, typeof value === 'number' ? Number(code) : code]).toEqual([
          key,
          typeof value === 'number' ? value : String(value),
        ]);
      }
      for (const heading of ['What stops it', 'Measured', 'Source'])
        expect(page).toContain(`\n## ${heading}\n`);
      expect(page).toMatch(/\d µs an evaluation/u);
    },
  );

  it.each(outsideOptimizers.all().map(({ name, options }) => [name, options] as const))(
    'has %s on the page of optimizers of other libraries and languages, with its options and their defaults',
    (name, options) => {
      const page = read('outside.md');
      const shared = new Map(rowsUnder(page, 'For all in Python'));
      const written = new Map([...(name === 'program' ? [] : shared), ...rowsUnder(page, name)]);
      expect([...written.keys()].toSorted()).toEqual(Object.keys(options.properties).toSorted());
      for (const [key, { default: value }] of Object.entries(options.properties))
        if (value !== undefined) expect([key, written.get(key)]).toEqual([key, `\`${value}\``]);
      expect(read('README.md')).toContain(name);
    },
  );
});
