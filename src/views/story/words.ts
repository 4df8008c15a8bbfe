/** `3.2 s`, `4 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** `1,234,567`. */
export function count(number: number): string {
  return number.toLocaleString('en');
}

/** `1 optimizer`, `3 optimizers`. */
export function counted(number: number, word: string): string {
  return `${count(number)} ${word}${number === 1 ? '' : 's'}`;
}

/** With as many digits as a glance needs. */
export function figure(value: number | null | undefined, digits = 7): string {
  return typeof value !== 'number' || !Number.isFinite(value)
    ? '–'
    : String(Number(value.toPrecision(digits)));
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function bytes(number: number): string {
  return number < 1e9 ? `${Math.round(number / 1e6)} MB` : `${(number / 1e9).toFixed(1)} GB`;
}

/** A moment since the Unix epoch, for people anywhere. */
export function moment(at: number): string {
  return Number.isFinite(at) && Math.abs(at) < 8.64e15
    ? `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
    : 'unknown';
}
