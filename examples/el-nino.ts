/**
 * Find the cycles of El Niño and the Southern Oscillation in 168 months of air pressure differences.
 *
 * The model is an annual cycle and two more of unknown period, b4 and b7:
 *
 *     y = b1 + b2 cos(2πx/12) + b3 sin(2πx/12) + b5 cos(2πx/b4) + b6 sin(2πx/b4) + b8 cos(2πx/b7) + b9 sin(2πx/b7)
 *
 * The value is the residual sum of squares. Source of the data, the model and the certified values: data/ENSO.dat.
 */
import { readFileSync } from 'node:fs';

interface Observation {
  readonly month: number;
  readonly pressure: number;
}

const text = readFileSync(new URL('./data/ENSO.dat', import.meta.url), 'utf8');
const observations = readObservations(text);

/** Reads the table that follows the line `Data:   y          x`. */
function readObservations(file: string): readonly Observation[] {
  const lines = file.split('\n');
  const first = lines.findIndex((line) => /^Data:\s+y\s+x/.test(line)) + 1;
  return lines
    .slice(first)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [pressure, month] = line.trim().split(/\s+/).map(Number);
      return { pressure: pressure!, month: month! };
    });
}

/** The certified value of a parameter, the last but one number of its line: `b4 = 40.0 44.0 4.43E+01 9.44E-01`. */
function certified(name: string): number {
  const line = text.split('\n').find((one) => one.trim().startsWith(`${name} =`))!;
  return Number(line.trim().split(/\s+/).at(-2));
}

/** Residual sum of squares of the parameters b1 … b9. */
export default function sumOfSquares(b: Float64Array): number {
  const [b1, b2, b3, b4, b5, b6, b7, b8, b9] = b as unknown as number[] & { length: 9 };
  let sum = 0;
  for (const { month, pressure } of observations) {
    const year = (2 * Math.PI * month) / 12;
    const second = (2 * Math.PI * month) / b4!;
    const third = (2 * Math.PI * month) / b7!;
    const model =
      b1! +
      b2! * Math.cos(year) +
      b3! * Math.sin(year) +
      b5! * Math.cos(second) +
      b6! * Math.sin(second) +
      b8! * Math.cos(third) +
      b9! * Math.sin(third);
    sum += (pressure - model) ** 2;
  }
  return sum;
}

/** Shown at the end of a run: the periods that were found, beside the certified ones. The two cycles may come in either order. */
export function report({
  fx,
  parameters,
}: {
  readonly fx: number;
  readonly parameters: Readonly<Record<string, number>>;
}): string {
  const found = [parameters['b4']!, parameters['b7']!].toSorted((a, b) => b - a);
  const expected = [certified('b4'), certified('b7')].toSorted((a, b) => b - a);
  const rows = found.map((period, i) => [period.toFixed(4), expected[i]!.toFixed(4)]);
  rows.push([fx.toFixed(5), Number(/Residual Sum of Squares:\s+(\S+)/.exec(text)![1]).toFixed(5)]);
  const labels = ['long period, months', 'short period, months', 'sum of squares'];
  return [
    `${''.padEnd(22)}${'found'.padStart(12)}${'certified'.padStart(12)}`,
    ...rows.map(([a, b], i) => `${labels[i]!.padEnd(22)}${a!.padStart(12)}${b!.padStart(12)}`),
  ].join('\n');
}
