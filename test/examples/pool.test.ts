import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

/** What an example prints, with the built package. */
async function printed(name: string): Promise<readonly string[]> {
  const file = path.resolve(import.meta.dirname, '..', '..', 'examples', 'pool', name);
  return (await execa(process.execPath, [file])).stdout.split('\n');
}

describe('the examples of the pool', () => {
  it('deap.ts finds the same with the map of the pool', async () => {
    const [alone, together, verdict] = await printed('deap.ts');
    const value = /\d+\.\d+/.exec(alone!)![0];
    // Random points are around 150.
    expect(Number(value)).toBeLessThan(5);
    expect(together).toBe(`pool.map:            ${value}`);
    expect(verdict).toBe('The same to the last bit: true');
  });

  it('deepdish.ts doubles in order and as it comes, and makes no more inputs than it may', async () => {
    expect(await printed('deepdish.ts')).toEqual([
      'In order: 0 2 4 6 8',
      'Inputs made for these 5: 8',
      'As they came, put back by index: 6 2 8 2 10',
    ]);
  });

  it('multiprocess.ts sends lambdas, what they use, and chunks', async () => {
    expect(await printed('multiprocess.ts')).toEqual([
      'squares: 0 1 4 9 16 25 36 49',
      'scaled cubes: 0 3 24 81 192 375 648 1029',
      'the function "anonymous" uses scale from outside of it, which a worker does not have',
      'fours in one thread each: true',
      `sum of 2000 quick calls: ${Array.from({ length: 2000 }, (_, x) => x % 7).reduce((a, b) => a + b)}`,
    ]);
  });

  it('pathos.ts maps over two sequences, and over a method', async () => {
    expect(await printed('pathos.ts')).toEqual([
      '[ 1, 64, 2187, 65536 ]',
      '19 is good, number 1 of its copy',
      '21.5 is good, number 1 of its copy',
      '30 is poor, number 1 of its copy',
      '0 were graded here',
    ]);
  });
});
