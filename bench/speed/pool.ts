import type { Benchmark } from '../harness/benchmark.ts';
import { bandwidth } from './pool/bandwidth.ts';
import { items } from './pool/items.ts';
import { naps } from './pool/naps.ts';
import { rates } from './pool/rates.ts';

export const pool: Benchmark = {
  name: 'pool',
  title: 'glompo/pool, beside other pools and a loop by hand',
  about: `
The parallel map of \`glompo/pool\`, as it is built. All pools are up and have called functions before anything is measured, and all of JavaScript import the same functions
of one module, \`bench/tasks/pool-functions.js\`.

Calls that sleep: each worker has three, 0.3 s, and what there is above is the pool's; the goal is 0.33 s. Cores do not matter, as nobody computes.

Calls a second: 2 workers, a function that returns what it is given, all inputs known beforehand and all results kept. glompo makes chunks of quick calls by itself;
multiprocess does for \`map\`, and has \`chunksize=256\` for \`imap\`. The others have no chunks: they are called once an input, as their documentation has it, for a
tenth of the inputs, which they would otherwise hold as promises. 20 numbers are a plain array, in Python a list.

Megabytes: arrays of 131,072 numbers, 1 MB, each counted once. A worker turns the array around in place, so all of the memory is read and written there, and gives it back;
2 workers. By hand is \`postMessage\` and an event, without promises or a protocol; one array at a time with each worker, which waits while its array is on the way, or two,
where it need not. Arrays that came back go out again. glompo's are of \`imap\`, in whatever chunks it makes, and one at a time. The goal is 0.9 of by hand where both hand over.

Memory: a process of its own, two threads, the built package, integers from a generator, read one by one.`,
  run: async (bench) => [await naps(bench), ...(await rates(bench)), await bandwidth(bench), items(bench)],
};
