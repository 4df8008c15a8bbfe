import type { Benchmark } from '../harness/benchmark.ts';
import { commitRates } from './log/commit.ts';
import { resumeTimes } from './log/resume.ts';
import { statusTimes } from './log/status.ts';

export const log: Benchmark = {
  name: 'log',
  title: 'The run log',
  about: `
How fast rows go in, and how fast questions about a long run are answered.

Rows committed: 20-D rows in transactions of 1,000, WAL, synchronous NORMAL, the same tables. The bare loops find their values ready to be bound; the log also
takes its rows apart, counts them and looks for the best one. The goal is 0.8 of the faster bare loop.
They bind every value of every row, have SQLite's own page size, and fold the write-ahead log in within commits. The log binds once what rows have in common (here
they are all alike), has larger pages, and leaves the folding to a thread; neither the end of that nor the closing of the file is in its time.

\`glompo status\`: the built command, from the start of its process to its end; the goal is 0.5 s for ten million evaluations.

Going on: a run of CMA-ES in 10-D that never converges, 20 optimizers alive; from the start of the command \`glompo resume\` to the start of its first evaluation,
which begins when all optimizers are where they were.`,
  run: async (bench) => [await commitRates(bench), statusTimes(bench), await resumeTimes(bench)],
};
