/** How values are drawn: as they are, by powers of ten, or by powers of ten above the best of the run. */
export type Height = 'linear' | 'log' | 'gap';

/** What a picture of values shows. */
export interface HeightScale {
  readonly height: Height;
  /** Turns a value into what is drawn on a scale that is linear, or logarithmic where `isLog`; `NaN` where there is no place for it. */
  of(this: void, value: number): number;
  readonly isLog: boolean;
  /** What the drawn numbers range over. */
  readonly range: readonly [number, number];
}

/** Of the values above the best, so many are left out of the picture: a few huge ones would flatten all others. */
const SHOWN = 0.98;

/**
 * @param values of all points that are drawn; sampled if there are many
 * @param best the least of the run
 */
export function heightScale(height: Height, values: readonly number[], best: number): HeightScale {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const top = sorted[Math.floor(SHOWN * (sorted.length - 1))] ?? 1;
  if (height === 'linear') {
    const margin = 0.04 * (top - best) || Math.abs(best) || 1;
    return { height, of: (value) => value, isLog: false, range: [best - margin, top + margin] };
  }
  if (height === 'log')
    return {
      height,
      of: (value) => (value > 0 ? value : NaN),
      isLog: true,
      range: widened(sorted.find((value) => value > 0) ?? 0.1, Math.max(top, 1e-300)),
    };
  // The best itself would be at minus infinity: it is drawn where the nearest other one is.
  const gaps = sorted.map((value) => value - best).filter((gap) => gap > 0);
  const least = Math.max(gaps[0] ?? 1e-12, 1e-15 * Math.abs(best));
  return {
    height,
    of: (value) => Math.max(value - best, least),
    isLog: true,
    range: widened(least, Math.max(top - best, least)),
  };
}

/** The way that shows most: powers of ten where values span them and are positive. */
export function bestHeight(values: readonly number[], best: number): Height {
  const top = Math.max(...values.filter(Number.isFinite), best);
  if (best > 0 && top / best > 30) return 'log';
  return top > best ? 'gap' : 'linear';
}

function widened(low: number, high: number): readonly [number, number] {
  return high > low ? [low / 1.3, high * 1.3] : [low / 3, high * 3];
}
