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

/** Smaller numbers have few digits left, and no third that is above 0. */
const LEAST = 1e-300;

/** Larger ones are drawn as this: a penalty of `Number.MAX_VALUE` leaves no room for a margin, and no number for a distance. */
const MOST = 1e300;

/** Of the values above the best, so many are left out of the picture: a few huge ones would flatten all others. */
const SHOWN = 0.98;

/**
 * @param values of all points that are drawn; sampled if there are many
 * @param best the least of the run
 */
export function heightScale(height: Height, values: readonly number[], best: number): HeightScale {
  return scaleOf(
    height,
    values
      .filter(Number.isFinite)
      .map(drawable)
      .toSorted((a, b) => a - b),
    drawable(best),
  );
}

function drawable(value: number): number {
  return Math.max(-MOST, Math.min(value, MOST));
}

/** @param sorted ascending */
function scaleOf(height: Height, sorted: readonly number[], best: number): HeightScale {
  if (height === 'linear') {
    const top = topOf(sorted) ?? best;
    const margin = 0.04 * (top - best) || 0.04 * Math.abs(best) || 1;
    return { height, of: drawable, isLog: false, range: [best - margin, top + margin] };
  }
  if (height === 'log') {
    const positive = sorted.filter((value) => value > 0);
    // The values are a sample, in which the best may not be.
    const least = best > 0 ? best : (positive[0] ?? 1);
    const range = widened(least, Math.max(topOf(positive) ?? 1, least));
    return {
      height,
      of: (value) => (value > 0 ? Math.max(drawable(value), LEAST) : NaN),
      isLog: true,
      range,
    };
  }
  // The best itself would be at minus infinity: it is drawn where the nearest other one is.
  const next = sorted.find((value) => value > best);
  const least = Math.max(next === undefined ? 1e-12 : next - best, 1e-15 * Math.abs(best), LEAST);
  return {
    height,
    of: (value) => Math.max(drawable(value) - best, least),
    isLog: true,
    range: widened(least, Math.max((topOf(sorted) ?? best) - best, least)),
  };
}

/** @param sorted ascending */
function topOf(sorted: readonly number[]): number | undefined {
  return sorted[Math.ceil(SHOWN * (sorted.length - 1))];
}

/** The way that shows most: powers of ten where values span them and are positive. */
export function bestHeight(values: readonly number[], best: number): Height {
  const top = Math.max(...values.filter(Number.isFinite), best);
  if (best > 0 && top / best > 30) return 'log';
  return top > best ? 'gap' : 'linear';
}

function widened(low: number, high: number): readonly [number, number] {
  const [from, to] = [Math.max(low, LEAST), Math.max(high, LEAST)];
  return to > from ? [from / 1.3, to * 1.3] : [from / 3, to * 3];
}
