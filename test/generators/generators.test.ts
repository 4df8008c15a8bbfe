import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { exploreExploit } from '../../src/generators/explore-exploit.ts';
import { incumbent } from '../../src/generators/incumbent.ts';
import { perturbation } from '../../src/generators/perturbation.ts';
import { random } from '../../src/generators/random.ts';
import { singlePoint } from '../../src/generators/single-point.ts';
import { generation, past, setupOf } from './support.ts';

const good = past(1, 1, [0.2, 0.3]);
const bad = past(2, 9, [0.8, 0.9]);
const setup = setupOf(2);
/** Contexts that differ in their streams alone. */
const streams = (count: number): { random: RandomStream }[] =>
  Array.from({ length: count }, (_, i) => ({ random: RandomStream.at(3, 'generator', i) }));

function deviation(values: readonly number[], from: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - from) ** 2, 0) / values.length);
}

describe('random', () => {
  it('is uniform', () => {
    const xs = streams(2000).map((stream) => random.create({}, setup).generate(generation([], stream))[0]!);
    // A uniform variable has the standard deviation 1 / sqrt(12) = 0.289.
    expect(deviation(xs, 0.5)).toBeCloseTo(0.289, 1);
    expect(xs.filter((x) => x < 0.1).length / 2000).toBeCloseTo(0.1, 1);
  });
});

describe('single-point', () => {
  it('is the centre without a point', () => {
    expect(singlePoint.create({}, setup).generate(generation([good]))).toEqual(Float64Array.of(0.5, 0.5));
  });

  it('takes values in task units, and the centre where there are none', () => {
    const generator = singlePoint.create({ point: { x1: 9 } }, setup);
    expect(generator.generate(generation([good]))).toEqual(Float64Array.of(0.5, 0.9));
  });
});

describe.each([singlePoint, perturbation])('$name', (component) => {
  it('refuses an unknown name and a value out of bounds when it is made', () => {
    expect(() => component.create({ scale: 0.1, point: { y: 1 } }, setup)).toThrow(
      expect.objectContaining({ code: 'usage', message: 'no parameter y' }),
    );
    expect(() => component.create({ scale: 0.1, point: { x0: 11 } }, setup)).toThrow('x0 is out of bounds');
  });
});

describe('incumbent', () => {
  const generator = incumbent.create({}, setup);

  it('is the best point of the run', () => {
    expect(generator.generate(generation([bad, good]))).toEqual(good.best!.point);
  });

  it('is random while there is none', () => {
    const [a, b] = streams(2).map((stream) => generator.generate(generation([], stream)));
    expect(a).not.toEqual(b);
  });
});

describe('perturbation', () => {
  it('is normal around the best point of the run', () => {
    const generator = perturbation.create({ scale: 0.05 }, setup);
    const xs = streams(1000).map((stream) => generator.generate(generation([bad, good], stream))[0]!);
    expect(deviation(xs, 0.2)).toBeCloseTo(0.05, 2);
  });

  it('is normal around its point, and the best point of the run where it says nothing', () => {
    const generator = perturbation.create({ scale: 0.001, point: { x0: 6 } }, setup);
    const [x, y] = generator.generate(generation([good]));
    expect(x).toBeCloseTo(0.6, 1);
    expect(y).toBeCloseTo(0.3, 1);
  });

  it('piles nothing up at the walls', () => {
    const generator = perturbation.create({ scale: 1, point: { x0: 0 } }, setup);
    const xs = streams(500).map((stream) => generator.generate(generation([], stream))[0]!);
    expect(xs.filter((x) => x === 0 || x === 1)).toEqual([]);
    // Half a normal, cut off at one standard deviation: its mean is 0.46.
    expect(xs.reduce((sum, x) => sum + x, 0) / 500).toBeCloseTo(0.46, 1);
  });

  it('is random, not near one point, while there is none', () => {
    const generator = perturbation.create({ scale: 0.01 }, setup);
    const xs = streams(500).map((stream) => generator.generate(generation([], stream))[0]!);
    expect(deviation(xs, 0.5)).toBeCloseTo(0.289, 1);
  });
});

/** The random point that the stream of `generation([good])` gives. */
const explored = (): Float64Array => random.create({}, setup).generate(generation([good]));

describe('explore-exploit', () => {
  it('is random at first, a known point at the end, and in between as `focus` says', () => {
    const between = (p: number): number => p * 0.2 + (1 - p) * explored()[0]!;
    const start = (evaluations: number, focus = 1): Float64Array =>
      exploreExploit
        .create({ focus, maxEvaluations: 1000 }, setup)
        .generate(generation([good], { evaluations }));
    expect(start(0)).toEqual(explored());
    expect(start(500)[0]).toBeCloseTo(between(0.5), 12);
    expect(start(500, 2)[0]).toBeCloseTo(between(0.25), 12);
    expect(start(1000)).toEqual(good.best!.point);
    expect(start(5000)).toEqual(good.best!.point);
  });

  it('goes by the budget when it has no `maxEvaluations`, and stays random when there is none', () => {
    const generator = exploreExploit.create({ focus: 1 }, setup);
    const start = (budget: number): Float64Array =>
      generator.generate(generation([good], { evaluations: 400, budget }));
    expect(start(400)).toEqual(good.best!.point);
    expect(start(Infinity)).toEqual(explored());
  });

  it('takes the best of two twice as often as the other, whatever their values', () => {
    const generator = exploreExploit.create({ focus: 1, maxEvaluations: 2 }, setup);
    for (const worst of [1.5, 1e300]) {
      const optimizers = [past(1, worst, [0.8, 0.9]), past(2, 1, [0.2, 0.3])];
      const best = streams(900).filter(
        (stream) => generator.generate(generation(optimizers, { evaluations: 2, ...stream }))[0] === 0.2,
      );
      // Four standard deviations of a share of 2/3 in 900 are 0.063.
      expect(Math.abs(best.length / 900 - 2 / 3)).toBeLessThan(0.063);
    }
  });
});
