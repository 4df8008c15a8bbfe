import type { OptionSchema } from '../../core/options.ts';
import { RandomStream } from '../../core/random.ts';
import type { Formula } from './classic.ts';
import type { BenchmarkInstance } from './contract.ts';
import { multiply, orthogonal } from './orthogonal.ts';

/** Seeds; what is not given is not done. */
export interface TransformOptions {
  readonly shift?: number;
  readonly rotate?: number;
  readonly offset?: number;
}

/** So near to its bounds, as a part of their distance, a minimum is not shifted. */
const MARGIN = 0.1;

export const TRANSFORM_OPTIONS: Readonly<Record<keyof TransformOptions, OptionSchema>> = {
  shift: {
    description: 'a seed: the minimum is moved to a random place in the inner 80 % of the bounds',
    type: 'integer',
    minimum: 0,
  },
  rotate: {
    description: 'a seed: coordinates are mixed by a random rotation about the minimum',
    type: 'integer',
    minimum: 0,
  },
  offset: {
    description: 'a seed: a random constant within [-1000, 1000] is added',
    type: 'integer',
    minimum: 0,
  },
};

/**
 * g(x) = f(y') + |y - y'|² + c, y = x_f + R (x - x_g), y' the point nearest to y within the bounds of f
 *
 * The bounds of g are those of f. x_f is a minimum of f, x_g that of g: the same without `shift`. R is an orthogonal matrix, the identity
 * without `rotate`; c is in hundredths, 0 without `offset`. What comes to lie outside the bounds of f, where it may be undefined or
 * lower than at its minimum, is thus never below the minimum.
 */
export function transformed(inner: Formula, { shift, rotate, offset }: TransformOptions): BenchmarkInstance {
  if (shift === undefined && rotate === undefined && offset === undefined) return inner;
  const { bounds, minimum } = inner;
  const n = bounds.length;
  const origin = minimum.x;
  const target = shift === undefined ? origin : place(bounds, shift);
  const rotation = rotate === undefined ? undefined : rotationOf(n, rotate);
  const constant = offset === undefined ? 0 : constantOf(offset);
  const away = new Float64Array(n);
  const inside = new Float64Array(n);
  const beyond = new Float64Array(n);

  /** Sets `inside` to y' and `beyond` to y - y'; the square of the latter. */
  function map(x: Float64Array): number {
    for (let i = 0; i < n; i++) away[i] = x[i]! - target[i]!;
    if (rotation) multiply(rotation, away, inside);
    else inside.set(away);
    let square = 0;
    for (let i = 0; i < n; i++) {
      const y = origin[i]! + inside[i]!;
      const { min, max } = bounds[i]!;
      inside[i] = Math.min(max, Math.max(min, y));
      beyond[i] = y - inside[i]!;
      square += beyond[i]! * beyond[i]!;
    }
    return square;
  }

  /** By the chain rule: where a coordinate is outside f does not depend on it. */
  function gradient(x: Float64Array): Float64Array {
    map(x);
    const slopes = inner.gradient!(inside).map((slope, i) => (beyond[i] === 0 ? slope : 2 * beyond[i]!));
    if (!rotation) return slopes;
    const turned = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) turned[j]! += rotation[i * n + j]! * slopes[i]!;
    return turned;
  }

  return {
    bounds,
    minimum: { x: target, fx: minimum.fx + constant },
    ...(inner.isNoisy ? { isNoisy: true } : {}),
    evaluate(x, seed) {
      const square = map(x);
      return inner.evaluate(inside, seed) + square + constant;
    },
    ...(inner.gradient ? { gradient } : {}),
  };
}

function place(bounds: Formula['bounds'], seed: number): Float64Array {
  const random = RandomStream.at(seed, 'benchmark-shift');
  return Float64Array.from(bounds, ({ min, max }) => {
    return min + (max - min) * (MARGIN + (1 - 2 * MARGIN) * random.uniform());
  });
}

function rotationOf(n: number, seed: number): Float64Array {
  const random = RandomStream.at(seed, 'benchmark-rotation');
  return orthogonal(
    Float64Array.from({ length: n * n }, () => random.normal()),
    n,
  );
}

function constantOf(seed: number): number {
  return Math.round(200_000 * RandomStream.at(seed, 'benchmark-offset').uniform() - 100_000) / 100;
}
