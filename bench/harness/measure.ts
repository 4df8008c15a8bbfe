import type { Measured } from './benchmark.ts';

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

export function measured(values: readonly number[]): Measured {
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values) };
}

/**
 * Measures several things in turn, round after round, so that a slow moment of the machine is none of one of them alone.
 *
 * @param things each returns one figure; `undefined` when it is not here, and then it is not asked again
 */
export async function interleaved<Name extends string>(
  rounds: number,
  things: Readonly<Record<Name, () => number | undefined | Promise<number | undefined>>>,
): Promise<Readonly<Record<Name, Measured | null>>> {
  const names = Object.keys(things) as Name[];
  const figures = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, values] of figures) {
      const figure = await things[name]();
      if (figure === undefined) figures.delete(name);
      else values.push(figure);
    }
  const entries = names.map((name) => {
    const values = figures.get(name);
    return [name, values ? measured(values) : null] as const;
  });
  return Object.fromEntries(entries) as Record<Name, Measured | null>;
}

/** `a` against `b`, by their medians. */
export function ratio(a: Measured | null, b: Measured | null): number | null {
  return a && b ? a.median / b.median : null;
}
