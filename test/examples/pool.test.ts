import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const examples = path.resolve(import.meta.dirname, '..', '..', 'examples', 'pool');

describe('the examples of the pool', () => {
  it('pathos.ts maps over two sequences, and over a method', async () => {
    const { stdout } = await execa(process.execPath, [path.join(examples, 'pathos.ts')]);
    expect(stdout.split('\n')).toEqual([
      '[ 1, 64, 2187, 65536 ]',
      '19 is good, number 1 of its copy',
      '21.5 is good, number 1 of its copy',
      '30 is poor, number 1 of its copy',
      '0 were graded here',
    ]);
  });
});
