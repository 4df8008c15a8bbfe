import { wordsAt } from '../core/random.ts';

/** The seed of a call, an integer of 48 bits, by the number of its map among those that have seeds, and its index there. */
export function callSeed(seed: number, map: number, index: number): number {
  return seedAt(seed, 'pool/call', index, map);
}

/** The seed of a worker, by its number. */
export function workerSeed(seed: number, worker: number): number {
  return seedAt(seed, 'pool/worker', worker, 0);
}

function seedAt(seed: number, what: string, index: number, map: number): number {
  const [high, low] = wordsAt(seed, what, index, map);
  return (high & 0xffff) * 4294967296 + low;
}
