import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const cells = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s-]+$/.test(line))
    .map((line) => line.replaceAll(/\s+/g, ' '));

describe('the README', () => {
  it('has the table that bench/el-nino.ts made', () => {
    const table = cells(page('bench/el-nino.md'));
    expect(table.length).toBeGreaterThan(6);
    expect(cells(page('README.md'))).toEqual(expect.arrayContaining([...table]));
  });

  it('links to pages that are there', () => {
    const links = [...page('README.md').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(30);
    for (const link of links)
      expect(() => readFileSync(new URL(`../../${link}`, import.meta.url)), link).not.toThrow(/ENOENT/);
  });
});
