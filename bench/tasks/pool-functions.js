import { setTimeout as sleep } from 'node:timers/promises';

/** Sleeps as many milliseconds as it is told. */
export async function nap(ms) {
  await sleep(ms);
  return ms;
}

/** Does nothing: what is left is the cost of getting here and back. */
export function same(x) {
  return x;
}

/**
 * Reads and writes every number, where it is. V8 does so in native code: a loop would be measured mostly by when its caller was compiled, in
 * which it may be inlined.
 */
export function reverse(numbers) {
  // oxlint-disable-next-line unicorn/no-array-reverse -- a copy is what is not wanted
  return numbers.reverse();
}
