import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { move } from '../../src/optimizers/particle-swarm/move.ts';
import { drive, make, sphere } from './support.ts';

const coefficients = { inertia: 0, acceleration: 1.2 };

describe('particle-swarm', () => {
  it('evaluates its start and a whole swarm at once', () => {
    const start = Float64Array.of(0.1, 0.2, 0.3);
    const candidates = make('particle-swarm', { start, options: { swarmSize: 12 } }).ask(1000);
    expect(candidates).toHaveLength(12);
    expect(candidates[0]!.x).toEqual(start);
  });

  it('draws from a ball around the centre of gravity, evenly in all directions', () => {
    const random = RandomStream.at(1, 'test');
    const x = Float64Array.of(0.4, 0.5);
    const own = Float64Array.of(0.5, 0.5);
    const told = Float64Array.of(0.4, 0.6);
    // G = x + c (own + told - 2 x) / 3
    const centre = [0.4 + (1.2 * 0.1) / 3, 0.5 + (1.2 * 0.1) / 3];
    const radius = Math.hypot(0.04, 0.04);
    let sum = [0, 0];
    for (let i = 0; i < 4000; i++) {
      const { x: to, velocity } = move(x, new Float64Array(2), own, told, coefficients, random);
      expect(Math.hypot(to[0]! - centre[0]!, to[1]! - centre[1]!)).toBeLessThanOrEqual(radius * (1 + 1e-12));
      expect(velocity[0]).toBeCloseTo(to[0]! - x[0]!, 12);
      sum = [sum[0]! + to[0]! - centre[0]!, sum[1]! + to[1]! - centre[1]!];
    }
    for (const total of sum) expect(Math.abs(total / 4000)).toBeLessThan(0.02 * radius + 1e-3);
  });

  it('stops at a wall and turns half of the velocity round', () => {
    const wall = move(
      Float64Array.of(0.9),
      Float64Array.of(1),
      Float64Array.of(0.9),
      undefined,
      { inertia: 0.7, acceleration: 1 },
      RandomStream.at(1, 'test'),
    );
    expect(wall.x).toEqual(Float64Array.of(1));
    expect(wall.velocity[0]).toBeCloseTo(-0.35, 12);
  });

  it.each([1, 2, 3])('converges on a sphere in 10 dimensions, seed %i', (seed) => {
    const optimizer = make('particle-swarm', { dimension: 10, seed });
    expect(drive(optimizer, sphere(), 8000, 1e-8).hitAt).toBeLessThan(8000);
  });

  it('follows an injected point', () => {
    const bests = [false, true].map((isInjected) => {
      const optimizer = make('particle-swarm', { dimension: 10 });
      drive(optimizer, sphere(), 80);
      if (isInjected) optimizer.inject!(new Float64Array(10).fill(0.3701), 1e-7);
      return drive(optimizer, sphere(), 1200).best;
    });
    expect(bests[1]).toBeLessThan(bests[0]! / 2);
  });
});
