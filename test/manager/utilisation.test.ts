import { DurationCounts } from '../../src/core/quantiles.ts';
import { describe, expect, it } from 'vitest';
import { LiveOptimizer } from '../../src/manager/live-optimizer.ts';
import { Utilisation } from '../../src/manager/utilisation.ts';

const NO_IDLE = { credits: 0, maths: 0 };

/** An optimizer that started at 0 ms, was ready at 1000 ms, evaluated for so long in all, and ended at 2000 ms. */
function figuresOf(
  workers: number,
  batchSize: number,
  durations: readonly number[],
  idle: typeof NO_IDLE = NO_IDLE,
  name = 'cma-es',
): ReturnType<Utilisation['figures']> {
  const utilisation = new Utilisation();
  const optimizer = new LiveOptimizer(1, { name, options: {}, workers, evaluate: 'threads' }, 0);
  optimizer.batchSize = batchSize;
  utilisation.started(optimizer, 0);
  optimizer.readyAt = 1000;
  utilisation.evaluated(optimizer, Float64Array.from(durations), idle);
  const live = utilisation.figures(2000);
  utilisation.ended(optimizer, 2000);
  const figures = utilisation.figures(9999);
  // The same while it runs.
  expect(live).toEqual(figures);
  return figures;
}

describe('utilisation', () => {
  it('is where the time of slots went: all of it', () => {
    const { share, time } = figuresOf(2, 12, [900, 700], { credits: 200, maths: 100 });
    expect(share).toBe(0.4);
    expect(time).toEqual({
      evaluating: 0.4,
      startUp: 0.5,
      credits: 0.05,
      maths: 0.025,
      stragglers: expect.closeTo(0.025),
    });
  });

  it('is of the slots that there are, where optimizers have more workers', () => {
    const utilisation = new Utilisation();
    const use = { name: 'cma-es', options: {}, workers: 4, evaluate: 'cluster' } as const;
    const [first, second] = [new LiveOptimizer(1, use, 0), new LiveOptimizer(2, use, 0)];
    for (const optimizer of [first, second]) {
      utilisation.started(optimizer, 0);
      optimizer.readyAt = 0;
    }
    // For 8 workers there are at first 8 slots, and then 2, which are busy all the time.
    utilisation.resized(8, 0);
    utilisation.resized(2, 1000);
    for (const optimizer of [first, second])
      utilisation.evaluated(optimizer, Float64Array.of(4000, 1000), NO_IDLE);
    expect(utilisation.figures(2000).share).toBeCloseTo(1);
    expect(utilisation.figures(2000).advice).toEqual([
      'cma-es with 4 workers had 2.5 slots on average: on other machines are fewer than optimizers could use',
    ]);
    // When one of them ends the other has both.
    utilisation.ended(second, 2000);
    utilisation.evaluated(first, Float64Array.of(2000), NO_IDLE);
    expect(utilisation.figures(3000).share).toBeCloseTo(1);
    utilisation.ended(first, 3000);
    expect(utilisation.figures(9999).share).toBeCloseTo(1);
  });

  it('names the population size that would fill the last wave of a generation', () => {
    expect(figuresOf(4, 10, [700, 700, 700, 700]).advice).toEqual([
      'cma-es used 70 % of its 4 workers: 10 points a generation leave some idle in its last wave; populationSize: 12 would fill it',
    ]);
  });

  it('says when there are more workers than points', () => {
    expect(figuresOf(8, 4, [900]).advice).toEqual([
      'cma-es used 11 % of its 8 workers: it evaluates 4 at once; workers: 4 would do, or a larger populationSize',
    ]);
    expect(figuresOf(8, 4, [900], NO_IDLE, 'bfgs').advice).toEqual([
      'bfgs used 11 % of its 8 workers: it evaluates 4 at once; workers: 4 would do',
    ]);
    expect(figuresOf(4, 5, [500, 500, 500, 500], NO_IDLE, 'bfgs').advice).toEqual([
      'bfgs used 50 % of its 4 workers: 5 points a generation leave some idle in its last wave; workers: 3 would do',
    ]);
  });

  it('says nothing of generations where there are none', () => {
    expect(figuresOf(8, 1, [900], NO_IDLE, 'random').advice).toEqual([
      'random used 11 % of its 8 workers: it has not enough points at once for more, or its evaluations are slow to begin and to end; fewer workers would do',
    ]);
  });

  it('says when the optimizer itself takes the time', () => {
    expect(figuresOf(2, 12, [500, 500], { credits: 0, maths: 800 }).advice).toEqual([
      'cma-es used 50 % of its 2 workers: mostly it computes points itself; a cheaper optimizer would use them better',
    ]);
  });

  it('gives no other advice for a single worker, whose time is the optimizer`s own', () => {
    expect(figuresOf(1, 12, [10]).advice).toEqual([]);
  });

  it('is 0 before anybody started', () => {
    expect(new Utilisation().figures(5)).toEqual({
      share: 0,
      time: { evaluating: 0, startUp: 0, credits: 0, maths: 0, stragglers: 0 },
      advice: [],
      acknowledgement: null,
    });
  });

  it('tells how long evaluations wait to be in the log', () => {
    const counts = new DurationCounts();
    counts.add(1, 98);
    counts.add(40, 2);
    const utilisation = new Utilisation();
    utilisation.acknowledged(counts.take());
    utilisation.acknowledged(undefined);
    const { medianMs, p99Ms } = utilisation.figures(5).acknowledgement!;
    expect(medianMs).toBeCloseTo(1.1, 0);
    expect(p99Ms).toBeGreaterThanOrEqual(40);
    expect(p99Ms).toBeLessThan(48);
  });
});
