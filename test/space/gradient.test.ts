import { expect, it } from 'vitest';
import type { Parameter } from '../../src/space/parameter.ts';
import { Space } from '../../src/space/space.ts';

const parameters: readonly Parameter[] = [
  { name: 'a', kind: 'free', type: 'real', scale: 'linear', min: -2, max: 6 },
  { name: 'f', kind: 'fixed', value: 3 },
  { name: 'b', kind: 'free', type: 'real', scale: 'log', min: 1e-2, max: 1e3 },
  { name: 't', kind: 'tied', expression: 'a*b + 2*a' },
];

const f = ([a, fixed, b, t]: Float64Array): number => a! ** 2 + fixed! * b! + t! ** 2;

it('carries a gradient in task units over to the unit box, along scales and ties', () => {
  const space = new Space(parameters);
  const unit = Float64Array.of(0.3, 0.6);
  const [a, fixed, , t] = space.toTask(unit);
  const gradient = space.gradient(unit, [2 * a!, 0, fixed!, 2 * t!]);
  for (const [i, slope] of gradient.entries()) {
    const h = 1e-6;
    const [low, high] = [-h, h].map((by) => f(space.toTask(unit.with(i, unit[i]! + by))));
    expect(slope / ((high! - low!) / (2 * h))).toBeCloseTo(1, 6);
  }
});

it('refuses a gradient of another length', () => {
  expect(() => new Space(parameters).gradient(Float64Array.of(0, 0), [1, 2])).toThrow(
    'the gradient of the task has 2 numbers, expected 4, one a parameter',
  );
});
