import { setTimeout as sleep } from 'node:timers/promises';

/** Sleeps 50 ms and returns a hash of x: a value that no optimizer converges on. */
export default async function sleeper(x) {
  await sleep(50);
  let hash = 0;
  for (const value of x) hash = (Math.imul(hash, 31) + Math.floor(value * 1e6)) | 0;
  return (hash >>> 0) / 4294967296;
}
