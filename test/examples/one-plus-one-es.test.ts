import { beforeAll, describe, expect, it } from 'vitest';
import plugin from '../../examples/one-plus-one-es.ts';
import { optimizers } from '../../src/optimizers/registry.ts';
import { drive, make, pointsOf, rosenbrock, sphere, transported } from '../optimizers/support.ts';

const name = 'one-plus-one-es';
const options = { sigma0: 0.1, tolX: 1e-8 };

describe('the (1+1)-ES of the examples', () => {
  beforeAll(() => {
    for (const part of plugin.optimizers) optimizers.addPlugin(part);
  });

  it('finds an optimum inside the box', () => {
    const optimizer = make(name, { options });
    const { best } = drive(optimizer, sphere(), 5000);
    expect(best).toBeLessThan(1e-12);
    expect(optimizer.stopReason).toMatchObject({ kind: 'tol-x' });
  });

  it.each([20, 21])('continues from a snapshot after %i calls, one point out or none', (calls) => {
    const optimizer = make(name, { options });
    drive(optimizer, rosenbrock, 300);
    const out = calls % 2 === 0 ? optimizer.ask(1) : [];
    const copy = make(name, { options, seed: 9 });
    copy.restore(transported(optimizer.snapshot()));
    for (const one of [optimizer, copy]) one.tell(out.map((candidate) => ({ ...candidate, fx: 0 })));
    expect(pointsOf(drive(copy, rosenbrock, 100).answers)).toEqual(
      pointsOf(drive(optimizer, rosenbrock, 100).answers),
    );
  });

  it('goes to a better point that is shown to it, and to no worse one', () => {
    const optimizer = make(name, { options: { ...options, sigma0: 1e-3 } });
    const [first] = optimizer.ask(1);
    optimizer.tell([{ ...first!, fx: 1 }]);
    optimizer.inject?.(Float64Array.of(0, 0, 0), 2);
    optimizer.inject?.(Float64Array.of(0.5, 0.5, 0.5), 0);
    const [next] = optimizer.ask(1);
    expect([...next!.x].every((value) => Math.abs(value - 0.5) < 0.01)).toBe(true);
  });

  it('ends when every evaluation fails', () => {
    const optimizer = make(name, { options });
    drive(optimizer, () => NaN, 5000);
    expect(optimizer.stopReason).toMatchObject({ kind: 'tol-x' });
  });
});
