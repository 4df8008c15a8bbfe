/** What tests send to workers from a module. */
import { appendFileSync } from 'node:fs';

export default function double(x: number): number {
  return 2 * x;
}

export class OddError extends RangeError {
  readonly code = 'ODD';
  readonly details: { readonly x: number };

  constructor(x: number) {
    super(`${x} is odd`, { cause: new TypeError('because', { cause: 'a string' }) });
    this.details = { x };
  }
}

export function even(x: number): number {
  if (x % 2 !== 0) throw new OddError(x);
  return x;
}

/** Notes that it was called. */
export function note(file: string, x: number): number {
  appendFileSync(file, `${x}\n`);
  return x;
}

export const notAFunction = 1;
