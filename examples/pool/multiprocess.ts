/**
 * What users of multiprocess, the fork of Python's multiprocessing that sends lambdas, are used to: lambdas, values from around them, chunks.
 *
 *     node examples/pool/multiprocess.ts
 */
import { Pool } from 'glompo/pool';

await using pool = new Pool({ workers: 2 });
const xs = [0, 1, 2, 3, 4, 5, 6, 7];

// pool.map(lambda x: x ** 2, xs)
console.log('squares:', ...(await pool.map((x) => x ** 2, xs)));

// There dill looks up what a lambda uses. Here it is passed by name, so that one sees what goes to workers…
const scale = 3;
const cube = (x: number): number => x ** 3;
console.log('scaled cubes:', ...(await pool.map((x) => scale * cube(x), xs, { with: { scale, cube } })));

// … and what was forgotten is told before anything is called.
try {
  await pool.map((x) => scale * cube(x), xs, { with: { cube } });
} catch (error) {
  console.log((error as Error).message.split('\n')[0]);
}

// pool.map(f, xs, chunksize=4): calls go to workers by four, and so each four of them are done by one thread.
const whoDoes = (): number => process.getBuiltinModule('node:worker_threads').threadId;
const threads = await pool.map(whoDoes, xs, { chunkSize: 4 });
console.log(
  'fours in one thread each:',
  new Set(threads.slice(0, 4)).size === 1 && new Set(threads.slice(4)).size === 1,
);

// Without a size, calls that take long go one by one, and quick ones by so many as are worth a message: nothing to be tuned.
let sum = 0;
for await (const y of pool.imap((x) => x % 7, Array(2000).keys())) sum += y;
console.log('sum of 2000 quick calls:', sum);
