import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Bench, Measured, Table } from '../../harness/benchmark.ts';
import { measured } from '../../harness/measure.ts';

/** What `imap-items.ts` prints. */
interface Found {
  readonly samples: readonly { readonly heapMB: number; readonly rssMB: number }[];
  readonly rate: number;
}

const entry = path.join(import.meta.dirname, 'imap-items.ts');

/** Memory while a map goes on, in a process that does nothing else. */
export function items({ isQuick, say }: Bench): Table {
  const count = isQuick ? 50_000 : 1_000_000;
  // As many again: what is flat from there on is no leak.
  const marks = [count / 10, count / 2, count, 2 * count];
  const runs = Array.from({ length: isQuick ? 1 : 3 }, () => {
    const args = ['--expose-gc', entry, ...marks.map(String)];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Found;
  });
  say('items through imap');
  const at = (i: number, key: 'heapMB' | 'rssMB'): Measured =>
    measured(runs.map(({ samples }) => samples[i]![key]));
  const rate = measured(runs.map((run) => run.rate));
  return {
    title: 'Memory while integers go through `imap`',
    columns: [
      { name: 'so many have come' },
      { name: 'heap used', unit: 'MB', better: 'lower' },
      { name: 'resident', unit: 'MB', better: 'lower' },
      { name: 'items until the end', unit: '/s', better: 'higher' },
    ],
    rows: marks.map((mark, i) => [
      mark.toLocaleString('en-US'),
      at(i, 'heapMB'),
      at(i, 'rssMB'),
      i === marks.length - 1 ? rate : null,
    ]),
    notes: [
      'The heap is that of the thread that maps, after a collection; resident memory is that of all threads.',
    ],
  };
}
