/**
 * Sends integers through `imap`, and prints what the program's memory is after so many of them as its arguments say, the last of which is
 * how many there are.
 */
import { fromModule, Pool } from 'glompo/pool';
import { functions } from './contenders.ts';

const marks = new Set(process.argv.slice(2).map(Number));
const count = Math.max(...marks);

function* integers(): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

const samples: { readonly heapMB: number; readonly rssMB: number }[] = [];
let sampling = 0;

function sample(): void {
  const began = performance.now();
  globalThis.gc!();
  const { heapUsed, rss } = process.memoryUsage();
  samples.push({ heapMB: heapUsed / 2 ** 20, rssMB: rss / 2 ** 20 });
  sampling += performance.now() - began;
}

await using pool = new Pool({ workers: 2 });
const same = fromModule<(x: number) => number>(functions, 'same');
await pool.map(same, Array(1000).keys());
const began = performance.now();
let done = 0;
for await (const x of pool.imap(same, integers())) {
  if (x !== done++) throw new Error(`${x} came where ${done - 1} was due`);
  if (marks.has(done)) sample();
}
const rate = (1000 * count) / (performance.now() - began - sampling);
console.log(JSON.stringify({ samples, rate }));
