import type { Space } from '../space/space.ts';
import type { TaskGeometry } from '../tasks/contract.ts';
import { blame } from '../core/blame.ts';

/** How far apart two points of the unit box are. */
export type Distance = (a: Float64Array, b: Float64Array) => number;

/** The Euclidean distance divided by that of opposite corners of the box: in [0, 1]. */
function euclidean(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}

/**
 * The distance that a task's own `distance` gives, of points in task units, or that of the points that its `canonical` makes of them, so
 * that atoms that are permuted are in one place.
 */
export function distanceOf(space: Space, geometry: TaskGeometry = {}): Distance {
  // Copies with memory of their own: the task may do with them what it likes.
  const given = (point: Float64Array): Float64Array => space.toTask(point).slice();
  if (geometry.distance)
    return (a, b) => {
      const found: unknown = blame('task', 'module', 'distance', () =>
        geometry.distance!(given(a), given(b)),
      );
      return typeof found === 'number' ? found : NaN;
    };
  if (!geometry.canonical) return euclidean;
  const canonicalOf = (point: Float64Array): Float64Array =>
    space.toUnit(
      Float64Array.from(blame('task', 'module', 'canonical', () => geometry.canonical!(given(point)))),
    );
  return (a, b) => euclidean(canonicalOf(a), canonicalOf(b));
}
