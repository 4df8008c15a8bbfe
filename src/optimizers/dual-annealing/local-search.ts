import type { RandomStream } from '../../core/random.ts';
import { QuasiNewtonDescent, type DescentSetup } from '../quasi-newton/descent.ts';
import { LimitedCurvature } from '../quasi-newton/limited-curvature.ts';
import { resolve } from '../quasi-newton/options.ts';
import type { SnapshotReader } from '../snapshot.ts';
import type { Evaluated } from '../evaluated.ts';

const MEMORY = 10;
/** Of the first step of a descent: it is to stay in its basin. */
const INITIAL_STEP = 0.01;

/** @param tolFun a decrease by less ends the descent */
function setupOf(
  { x, fx }: Pick<Evaluated, 'x' | 'fx'>,
  steps: readonly number[],
  tolFun: number,
): DescentSetup {
  return {
    dimension: steps.length,
    start: x,
    steps,
    options: resolve({ initialStep: INITIAL_STEP, tolFun }),
    curvature: () => new LimitedCurvature(steps.length, MEMORY),
    known: fx,
    // The chains move them.
    holdsIntegers: true,
  };
}

/** A quasi-Newton descent from a point that is evaluated. */
export function descentFrom(
  from: Evaluated,
  steps: readonly number[],
  tolFun: number,
  random: RandomStream,
): QuasiNewtonDescent {
  return new QuasiNewtonDescent(setupOf(from, steps, tolFun), random);
}

/** A descent as it was saved. */
export function loadDescent(
  reader: SnapshotReader,
  steps: readonly number[],
  tolFun: number,
  random: RandomStream,
): QuasiNewtonDescent {
  // Where it began is of no interest any more.
  const nowhere = { x: new Float64Array(steps.length), fx: 0 };
  return reader.within('descent', () =>
    QuasiNewtonDescent.load(reader, setupOf(nowhere, steps, tolFun), random),
  );
}

/** A descent can begin there. */
export function isDescendable(point: Evaluated | undefined): point is Evaluated {
  return point !== undefined && Number.isFinite(point.fx) && point.violation === 0;
}
