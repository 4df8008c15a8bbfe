import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../../../src/core/json.ts';
import { benchmarkInstance } from '../../../src/tasks/benchmark.ts';
import { bbobFunctions } from '../../../src/tasks/benchmarks/bbob/functions.ts';
import { benchmarks } from '../../../src/tasks/benchmarks/registry.ts';
import { TRANSFORM_OPTIONS } from '../../../src/tasks/benchmarks/transformed.ts';

const docs = readFileSync(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8');

/** Cells of all rows of tables. */
const rows = docs
  .split('\n')
  .filter((line) => /^\|(?! -)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('docs/benchmarks.md', () => {
  it.each(benchmarks.all())('names $name, and what it takes', ({ name, summary, options }) => {
    if (!('shift' in options.properties)) {
      expect(docs).toContain(`\`benchmark: ${name}\``);
      for (const option of Object.keys(options.properties)) expect(docs).toContain(`\`${option}\``);
      return;
    }
    const [, taken, sizes, domain, least, hard] = rows.find(([first]) => first === `\`${name}\``)!;
    const own = Object.entries(options.properties).filter(
      ([option]) => option !== 'dimension' && !(option in TRANSFORM_OPTIONS),
    );
    expect(taken).toBe(own.map(([option, schema]) => `\`${option}\` ${schema.default}`).join('<br>'));
    expect(hard).toBe(summary);
    const { minimum: from, maximum: to } = options.properties['dimension']!;
    expect(sizes).toBe(from === to ? `${from}` : `${from} …${to! < 10_000 ? ` ${to}` : ''}`);
    const { bounds, minimum } = benchmarkInstance({ kind: 'benchmark', name, options: { dimension: 2 } });
    expect(domain!.replace('π', String(Math.PI))).toBe(`[${bounds[0]!.min}, ${bounds[0]!.max}]`);
    expect(Number(least)).toBe(Number(minimum!.fx.toPrecision(8)) + 0);
  });

  it('names nothing that there is not', () => {
    const named = [...docs.matchAll(/benchmark: ([a-z0-9-]+)/g)].map(([, name]) => name!);
    const listed = rows.flatMap(([first]) => /^`([a-z0-9-]+)`$/.exec(first!)?.[1] ?? []);
    for (const name of [...named, ...listed]) expect(benchmarks.names()).toContain(name);
  });

  it('names the functions of BBOB', () => {
    for (const { id, title } of bbobFunctions)
      expect(rows.some((row) => [0, 2].some((at) => row[at] === `${id}` && row[at + 1] === title))).toBe(
        true,
      );
  });

  it('names the problems of NIST', () => {
    for (const problem of benchmarks.get('nist').options.properties['problem']!.enum!) {
      const { bounds, residuals, certified } = benchmarkInstance({
        kind: 'benchmark',
        name: 'nist',
        options: { problem },
      });
      const count = residuals!(certified!.parameters).length;
      expect(rows).toContainEqual([
        `\`${problem}\``,
        `${bounds.length}`,
        `${count}`,
        `${certified!.sumOfSquares}`,
      ]);
    }
  });

  it('has examples that are right', () => {
    const lines = /```yaml\n([^]*?)```/.exec(docs)![1]!.trim().split('\n');
    for (const line of lines) {
      const { benchmark: name, ...options } = (parse(line) as { task: JsonObject }).task;
      expect(() => benchmarkInstance({ kind: 'benchmark', name: name as string, options })).not.toThrow();
    }
  });
});
