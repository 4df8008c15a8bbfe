import { setTimeout as sleep } from 'node:timers/promises';

/** Sleeps as many seconds as its last parameter says, and returns a hash of the others: a value that no optimizer converges on. */
export default async function second(x) {
  await sleep(1000 * x.at(-1));
  let hash = 0;
  for (const value of x) hash = (Math.imul(hash, 31) + Math.floor(value * 1e6)) | 0;
  return (hash >>> 0) / 4294967296;
}
