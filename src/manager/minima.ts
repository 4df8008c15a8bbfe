import { compareRanked } from '../core/ranking.ts';
import type { Minimum } from '../log/figures.ts';
import type { OptimizerEnd } from '../log/contract.ts';
import type { Space } from '../space/space.ts';
import type { Distance } from './geometry.ts';
import type { Incumbent } from './record.ts';

/** More than anybody reads, and few enough to compare each new point with all. */
const MOST = 200;
/** As many of a minimum's optimizers are named. */
const MOST_NAMED = 100;

interface Basin {
  best: Incumbent;
  point: Float64Array;
  hits: number;
  converged: number;
  readonly optimizers: number[];
}

/**
 * The separate minima that a run found: each optimizer's best point belongs to the nearest minimum within the tolerance, or is one of
 * its own. The better of two near points stands for both.
 */
export class Minima {
  readonly #space: Space;
  readonly #distance: Distance;
  readonly #tolerance: number;
  #basins: Basin[] = [];

  constructor(space: Space, distance: Distance, tolerance: number) {
    this.#space = space;
    this.#distance = distance;
    this.#tolerance = tolerance;
  }

  /** An optimizer has ended. Points that are infeasible are no minima. */
  add(optimizerId: number, status: OptimizerEnd['status'], best: Incumbent | undefined): void {
    if (!best || best.violation > 0) return;
    const point = this.#space.toUnit(best.x);
    const basin = this.#nearest(point) ?? this.#found(best, point);
    basin.hits++;
    if (status === 'converged') basin.converged++;
    if (basin.optimizers.length < MOST_NAMED) basin.optimizers.push(optimizerId);
    if (compareRanked(best, basin.best) >= 0) return;
    basin.best = best;
    basin.point = point;
  }

  /** The best first. */
  list(): readonly Minimum[] {
    return this.#sorted().map(({ best, hits, converged, optimizers }) => ({
      fx: best.fx,
      x: [...best.x],
      callId: best.callId,
      hits,
      converged,
      optimizers,
    }));
  }

  #nearest(point: Float64Array): Basin | undefined {
    let nearest: Basin | undefined;
    let least = this.#tolerance;
    for (const basin of this.#basins) {
      const distance = this.#distance(point, basin.point);
      if (!(distance <= least)) continue;
      nearest = basin;
      least = distance;
    }
    return nearest;
  }

  #found(best: Incumbent, point: Float64Array): Basin {
    const basin = { best, point, hits: 0, converged: 0, optimizers: [] };
    this.#basins.push(basin);
    if (this.#basins.length > MOST) this.#basins = this.#sorted().slice(0, MOST);
    return basin;
  }

  #sorted(): Basin[] {
    return this.#basins.toSorted((a, b) => compareRanked(a.best, b.best) || a.best.callId - b.best.callId);
  }
}
