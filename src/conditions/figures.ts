/** A figure for an explanation: four significant digits, as short as they go. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}
