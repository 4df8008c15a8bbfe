/** For the ticks of an axis. */
export function tick(number: number): string {
  if (number === 0) return '0';
  const size = Math.abs(number);
  if (size >= 1e4 && size < 1e9 && Number.isInteger(number)) return number.toLocaleString('en');
  if (size >= 1e5 || size < 1e-3) return Number(number.toPrecision(4)).toExponential().replace('e+', 'e');
  return String(Number(number.toPrecision(6)));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far apart the ticks of an axis of time may be, in milliseconds. */
export const TIME_STEPS: readonly number[] = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map(
    (seconds) => seconds * SECOND,
  ),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 56].map((days) => days * DAY),
];

/** `0.25 s`, `1:30 min`, `2:15 h`, `3 d 12 h`: a time of the run, in milliseconds, on an axis. */
export function timeTick(ms: number): string {
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(3))} s`;
  if (ms < HOUR)
    return ms % MINUTE === 0
      ? `${ms / MINUTE} min`
      : `${Math.floor(ms / MINUTE)}:${pad((ms % MINUTE) / SECOND)} min`;
  if (ms < DAY)
    return ms % HOUR === 0 ? `${ms / HOUR} h` : `${Math.floor(ms / HOUR)}:${pad((ms % HOUR) / MINUTE)} h`;
  const hours = Math.round((ms % DAY) / HOUR);
  return hours === 0 ? `${Math.floor(ms / DAY)} d` : `${Math.floor(ms / DAY)} d ${hours} h`;
}

function pad(number: number): string {
  return String(Math.round(number)).padStart(2, '0');
}

/**
 * Ticks of a logarithmic axis: powers of ten, with what is between them where there is room.
 *
 * @param most about as many as there is room for
 */
export function logTicks([from, to]: readonly [number, number], most: number): readonly number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const decades = last - first;
  const parts = decades * 9 <= most ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades * 3 <= 2 * most ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / most));
  const ticks: number[] = [];
  for (let power = first; power <= last; power++) {
    if ((power - first) % stride !== 0) continue;
    for (const part of parts) {
      // Of the text, since 10 ** -5 is not 1e-5.
      const value = Number(`${part}e${power}`);
      if (value >= from && value <= to) ticks.push(value);
    }
  }
  // Within a part of one decade: as on any other axis.
  return ticks.length >= 2 ? ticks : [from, (from + to) / 2, to].map((value) => Number(value.toPrecision(4)));
}
