import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarkInstance } from '../../../src/tasks/benchmark.ts';
import data from '../../../src/tasks/benchmarks/nist/data.json' with { type: 'json' };

/** The files as NIST has them. */
const folder = join(import.meta.dirname, 'reference', 'nist');
const problems = readdirSync(folder).map((file) => file.replace('.dat', ''));

/** What stands in one file. */
function parse(problem: string): (typeof data)['ENSO'] {
  const lines = readFileSync(join(folder, `${problem}.dat`), 'utf8').split('\n');
  const parameters = lines
    .filter((line) => /^\s*b\d+ =/.test(line))
    .map((line) => line.split('=')[1]!.trim().split(/\s+/).map(Number));
  const rows = lines
    .slice(lines.findLastIndex((line) => line.startsWith('Data:')) + 1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return {
    start1: columnOf(parameters, 0),
    start2: columnOf(parameters, 1),
    certified: columnOf(parameters, 2),
    deviations: columnOf(parameters, 3),
    sumOfSquares: Number(/Residual Sum of Squares:\s+(\S+)/.exec(lines.join('\n'))![1]),
    y: columnOf(rows, 0),
    x: columnOf(rows, 1),
  };
}

function columnOf(table: readonly (readonly number[])[], i: number): number[] {
  return table.map((row) => row[i]!);
}

describe.each(problems)('NIST %s', (problem) => {
  const instance = benchmarkInstance({ kind: 'benchmark', name: 'nist', options: { problem } });
  const { certified, bounds, names, evaluate, residuals } = instance;

  it('has the data of the file', () => {
    expect(data[problem as keyof typeof data]).toStrictEqual(parse(problem));
  });

  it('has the certified sum of squares at the certified parameters, to nine digits', () => {
    const { parameters, sumOfSquares } = certified!;
    expect(Math.abs(evaluate(parameters) / sumOfSquares - 1)).toBeLessThan(1e-9);
    expect(residuals!(parameters)).toHaveLength(parse(problem).y.length);
  });

  it('has the certified deviations, as its residuals give them', () => {
    const { parameters, deviations, sumOfSquares } = certified!;
    const n = parameters.length;
    const columns = Array.from(parameters, (value, i) => {
      const step = 1e-6 * Math.abs(value);
      const [up, down] = [parameters.slice(), parameters.slice()];
      up[i]! += step;
      down[i]! -= step;
      const after = residuals!(down);
      return residuals!(up).map((residual, k) => (residual - after[k]!) / (2 * step));
    });
    const freedom = residuals!(parameters).length - n;
    const variances = inverseDiagonal(columns).map((value) => (value * sumOfSquares) / freedom);
    variances.forEach((variance, i) => {
      expect(Math.abs(Math.sqrt(variance) / deviations[i]! - 1)).toBeLessThan(1e-4);
    });
  });

  it('has bounds that hold both starts', () => {
    const { start1, start2 } = parse(problem);
    expect(names).toEqual(start1.map((_, i) => `b${i + 1}`));
    for (const start of [start1, start2])
      start.forEach((value, i) => {
        expect(10 * Math.abs(value)).toBeLessThanOrEqual(bounds[i]!.max);
        expect(bounds[i]!.min).toBe(-bounds[i]!.max);
      });
  });
});

/** The diagonal of (JᵀJ)⁻¹ from the columns of J: orthogonalized, then the triangle is inverted. */
function inverseDiagonal(columns: readonly Float64Array[]): readonly number[] {
  const n = columns.length;
  const q: Float64Array[] = [];
  const r = columns.map((column, j) => {
    let rest = column;
    const row = new Float64Array(n);
    // Twice, as the first time leaves what rounding made.
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i < j; i++) {
        const product = rest.reduce((sum, value, k) => sum + value * q[i]![k]!, 0);
        row[i]! += product;
        rest = rest.map((value, k) => value - product * q[i]![k]!);
      }
    row[j] = Math.hypot(...rest);
    q.push(rest.map((value) => value / row[j]!));
    return row;
  });
  // r[j] is column j of R. Column j of its inverse: back substitution.
  const diagonal = Array.from({ length: n }, () => 0);
  for (let j = 0; j < n; j++) {
    const column = new Float64Array(n);
    for (let i = j; i >= 0; i--) {
      let sum = i === j ? 1 : 0;
      for (let k = i + 1; k <= j; k++) sum -= r[k]![i]! * column[k]!;
      column[i] = sum / r[i]![i]!;
      diagonal[i]! += column[i]! ** 2;
    }
  }
  return diagonal;
}
