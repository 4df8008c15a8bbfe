/**
 * Doubling numbers as deepdish's documentation does it with `parallel.imap` and `parallel.imap_unordered`, with inputs that are made when
 * a worker is about to need them.
 *
 *     node examples/pool/deepdish.ts
 */
import { Pool } from 'glompo/pool';

const double = (x: number): number => 2 * x;

let made = 0;

/** Inputs without end. */
function* numbers(): Generator<number> {
  for (;;) yield made++;
}

await using pool = new Pool({ workers: 2 });

// In the order of inputs, each as soon as all before it are known. Whoever has enough leaves: the rest is never made.
const found: number[] = [];
for await (const y of pool.imap(double, numbers(), { lookAhead: 3 })) {
  found.push(y);
  if (found.length === 5) break;
}
console.log(`In order: ${found.join(' ')}`);
console.log(`Inputs made for these 5: ${made}`);

// As they come. Each knows the index of its input, so order can be made again where it matters.
const doubles: number[] = [];
for await (const [i, y] of pool.imapUnordered(double, [3, 1, 4, 1, 5])) doubles[i] = y;
console.log(`As they came, put back by index: ${doubles.join(' ')}`);
