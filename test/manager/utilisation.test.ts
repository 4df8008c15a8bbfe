import { describe, expect, it } from 'vitest';
import { LiveOptimizer } from '../../src/manager/live-optimizer.ts';
import { Utilisation } from '../../src/manager/utilisation.ts';

/** An optimizer that was ready at 1000 ms, evaluated for so long in all, and ended at 2000 ms. */
function figuresOf(
  workers: number,
  batchSize: number,
  durations: readonly number[],
): ReturnType<Utilisation['figures']> {
  const utilisation = new Utilisation();
  const optimizer = new LiveOptimizer(1, { name: 'cma-es', options: {}, workers, evaluate: 'threads' }, 0);
  optimizer.batchSize = batchSize;
  optimizer.readyAt = 1000;
  utilisation.evaluated(optimizer, Float64Array.from(durations));
  utilisation.ended(optimizer, 2000);
  return utilisation.figures();
}

describe('utilisation', () => {
  it('is the share of slot time that went into evaluations', () => {
    expect(figuresOf(2, 12, [900, 900])).toEqual({ share: 0.9, advice: [] });
  });

  it('names the population size that would fill the last wave of a generation', () => {
    expect(figuresOf(4, 10, [700, 700, 700, 700])).toEqual({
      share: 0.7,
      advice: [
        'cma-es used 70 % of its 4 workers: 10 points a generation leave some idle in its last wave; populationSize: 12 would fill it',
      ],
    });
  });

  it('says when there are more workers than points', () => {
    expect(figuresOf(8, 1, [900]).advice).toEqual([
      'cma-es used 11 % of its 8 workers: it evaluates 1 at once; workers: 1 would do, or a larger populationSize',
    ]);
  });

  it('gives no advice for a single worker, whose time is the optimizer`s own', () => {
    expect(figuresOf(1, 12, [10]).advice).toEqual([]);
  });

  it('is 0 before anybody was ready', () => {
    expect(new Utilisation().figures()).toEqual({ share: 0, advice: [] });
  });
});
