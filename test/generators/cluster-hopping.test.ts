import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { clusterHopping, type ClusterHoppingOptions } from '../../src/generators/cluster-hopping.ts';
import { generation, past, setupOf } from './support.ts';

const usual: ClusterHoppingOptions = { coordinates: 3, temperature: 0.1, step: 0.35, loose: 0.4, walk: 250 };
const streams = (count: number): readonly RandomStream[] =>
  Array.from({ length: count }, (_, i) => RandomStream.at(3, 'generator', i));

/** Eight particles at the corners of a cube of edge 1, off the middle, and a ninth far from them; from 0 to 10, as a point of the unit box. */
const cube: readonly (readonly number[])[] = Array.from({ length: 8 }, (_, i) => [
  2 + (i & 1),
  3 + ((i >> 1) & 1),
  4 + (i >> 2),
]);
const cluster = [...cube, [5, 3.5, 4.5]];
const unit = (particles: readonly (readonly number[])[]): number[] => particles.flat().map((x) => x / 10);
const particlesOf = (point: Float64Array): readonly (readonly number[])[] =>
  Array.from({ length: point.length / 3 }, (_, i) =>
    [...point.subarray(3 * i, 3 * i + 3)].map((u) => 10 * u - 5),
  );

/** Where starts put the particles, with the middle of the box at the origin. */
const starts = (options: Partial<ClusterHoppingOptions>): readonly (readonly (readonly number[])[])[] =>
  streams(200).map((random) =>
    particlesOf(
      clusterHopping
        .create({ ...usual, ...options }, setupOf(27))
        .generate(generation([past(1, 1, unit(cluster))], { random })),
    ),
  );

const centre = [0, 1, 2].map((k) => cluster.reduce((sum, particle) => sum + particle[k]! / 9, 0));
/** Of the ninth from the centre: the farthest. */
const radius = Math.hypot(5 - centre[0]!, 3.5 - centre[1]!, 4.5 - centre[2]!);

describe('cluster-hopping', () => {
  it('shakes all particles by a part of the distance of neighbours, in the middle of the box', () => {
    const steps = starts({ loose: 0 }).flatMap((particles) =>
      particles.flatMap((particle, i) => particle.map((x, k) => x - (cluster[i]![k]! - centre[k]!))),
    );
    expect(Math.max(...steps.map(Math.abs))).toBeLessThanOrEqual(0.35 + 1e-12);
    expect(Math.max(...steps)).toBeGreaterThan(0.34);
    // Uniform: the mean square is a third of the largest.
    expect(steps.reduce((sum, step) => sum + step * step, 0) / steps.length).toBeCloseTo(0.35 ** 2 / 3, 2);
  });

  it('puts one that hardly holds to the others anywhere on the surface, and the others nowhere else', () => {
    const ninths = starts({}).map((particles) => particles[8]!);
    for (const ninth of ninths) expect(Math.hypot(...ninth)).toBeCloseTo(radius, 9);
    for (const k of [0, 1, 2]) {
      expect(ninths.filter((ninth) => ninth[k]! > 0).length / 200).toBeGreaterThan(0.35);
      expect(ninths.filter((ninth) => ninth[k]! < 0).length / 200).toBeGreaterThan(0.35);
    }
    for (const particles of starts({}))
      for (const [i, particle] of particles.slice(0, 8).entries())
        for (const [k, x] of particle.entries())
          expect(Math.abs(x - (cluster[i]![k]! - centre[k]!))).toBeLessThanOrEqual(0.35 + 1e-12);
  });

  it('begins its walk anew after so many starts', () => {
    const create = clusterHopping.create({ ...usual, walk: 3 }, setupOf(27));
    const anywhere = create.generate(generation([]));
    const optimizers = [1, 2, 3].map((id) => past(id, id, unit(cluster)));
    // The first three are of another walk.
    expect(create.generate(generation(optimizers, { random: streams(1)[0]! }))).toEqual(
      create.generate(generation([], { optimizerId: 4, random: streams(1)[0]! })),
    );
    expect(anywhere).not.toEqual(create.generate(generation([], { optimizerId: 4 })));
    const next = create.generate(generation([...optimizers, past(4, 9, unit(cluster))]));
    expect(Math.max(...particlesOf(next).flat().map(Math.abs))).toBeLessThan(radius + 0.4);
  });

  it('starts anywhere when all particles are in one place', () => {
    const context = generation([past(1, 1, unit(Array.from({ length: 9 }, () => [1, 1, 1])))]);
    const point = clusterHopping.create(usual, setupOf(27)).generate(context);
    expect(Math.max(...particlesOf(point).flat().map(Math.abs))).toBeGreaterThan(3);
  });

  it('refuses parameters that are not positions', () => {
    expect(() => clusterHopping.create(usual, setupOf(28))).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('there are 28') as string }),
    );
  });
});
