import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const entry = path.resolve(import.meta.dirname, '..', 'src', 'plugin.ts');

/** What `file` and the files that it imports load that is not a file of ours; types are gone when it runs. */
function foreignImports(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const specifiers = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm,
  );
  return [...specifiers].flatMap(([, specifier]) =>
    specifier!.startsWith('.')
      ? foreignImports(path.resolve(path.dirname(file), specifier!), seen)
      : [specifier!],
  );
}

it('what plug-ins are made with loads no package and no Node module, since every worker loads it', () => {
  const seen = new Set<string>();
  expect(foreignImports(entry, seen)).toEqual([]);
  expect(seen.size).toBeGreaterThan(5);
});
