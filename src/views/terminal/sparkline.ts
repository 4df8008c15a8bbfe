import sparkly from 'sparkly';

const TICKS = '▁▂▃▄▅▆▇█';
const PLAIN_TICKS = '_.:-=+*#';
/** Values of one sign that span more are drawn by their magnitudes, or all but the first would lie on the ground. */
const WIDE_SPAN = 100;

/** A curve one line high, at most `columns` wide; the lowest value stands on the ground. */
export function sparkline(values: readonly number[], columns: number, isUnicode: boolean): string {
  const heights = heightsOf(thinned(values.filter(Number.isFinite), columns));
  const drawn = sparkly([...heights], { minimum: 0, maximum: 1 });
  return isUnicode ? drawn : Array.from(drawn, (tick) => PLAIN_TICKS[TICKS.indexOf(tick)] ?? ' ').join('');
}

/** From 0 to 1. */
function heightsOf(values: readonly number[], isLogarithm = false): readonly number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) return values.map(() => 0);
  if (!isLogarithm && low > 0 && high / low > WIDE_SPAN) return heightsOf(values.map(Math.log), true);
  // The difference of two values may be more than there is, that of their halves is not.
  const scale = Number.isFinite(high - low) ? 1 : 0.5;
  return values.map((value) => (scale * value - scale * low) / (scale * high - scale * low));
}

/** No more than `most`, evenly, the last among them. */
function thinned(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, i) => values[Math.ceil(((i + 1) * values.length) / most) - 1]!);
}
