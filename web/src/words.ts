/** `3.2 s`, `4 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** `788.5398`, `1.234e-9`: with as many digits as a glance needs. */
export function figure(fx: number | null | undefined, digits = 7): string {
  return fx === null || fx === undefined || !Number.isFinite(fx)
    ? '–'
    : String(Number(fx.toPrecision(digits)));
}

/** `1,234,567`. */
export function count(number: number): string {
  return number.toLocaleString('en');
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function bytes(number: number): string {
  return number < 1e9 ? `${Math.round(number / 1e6)} MB` : `${(number / 1e9).toFixed(1)} GB`;
}
