import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { OptimizerSnapshot } from '../../../src/optimizers/contract.ts';
import { drive, failing, pointsOf, Session, subjects, transported, usual } from '../support.ts';
import { expectInBox, stateOf, small, runs } from './support.ts';

function withHeader(snapshot: OptimizerSnapshot, changes: Readonly<Record<string, unknown>>): unknown {
  return { ...snapshot, header: { ...snapshot.header, ...changes } };
}

describe.each(subjects)('%s, given a damaged snapshot', (name) => {
  const f = usual(name);
  /** Snapshots of different moments: fresh, midway with pending answers and an injected point, late. */
  const samples = [0, 7, 40, 200].map((moment) => {
    const session = new Session(small(name), failing(name), moment).steps(moment);
    session.optimizer.inject?.(Float64Array.of(0.2, 0.4, 0.6), 1);
    return session.optimizer.snapshot();
  });
  const sample = fc.constantFrom(...samples).map(transported);

  function expectRefused(damaged: unknown): void {
    const session = new Session(small(name), f, 8).steps(33);
    const before = stateOf(session.optimizer);
    const restore = (): void => session.optimizer.restore(damaged as OptimizerSnapshot);
    expect(restore).toThrow(expect.objectContaining({ code: 'snapshot-invalid' }));
    expect(stateOf(session.optimizer)).toEqual(before);
    const undisturbed = new Session(small(name), f, 8).steps(33);
    const next = pointsOf(drive(undisturbed.optimizer, f, 20).answers);
    expect(pointsOf(drive(session.optimizer, f, 20).answers)).toEqual(next);
  }

  it('takes the undamaged ones', () => {
    for (const snapshot of samples) {
      const optimizer = small(name);
      optimizer.restore(transported(snapshot));
      expect(optimizer.snapshot()).toEqual(snapshot);
    }
  });

  it('refuses what is none', () => {
    expect.hasAssertions();
    const snapshot = samples[1]!;
    const nothing = [
      null,
      undefined,
      1,
      'text',
      [],
      {},
      { ...snapshot, header: null },
      { ...snapshot, header: [] },
    ];
    for (const damaged of [
      ...nothing,
      { ...snapshot, block: [...snapshot.block] },
      { ...snapshot, block: undefined },
    ])
      expectRefused(damaged);
  });

  it('refuses another type, version, dimension or population size', () => {
    expect.hasAssertions();
    const snapshot = samples[1]!;
    expectRefused({ ...snapshot, type: 'other' });
    expectRefused({ ...snapshot, version: snapshot.version + 1 });
    expectRefused(new Session(small(name, { dimension: 4 }), f, 1).steps(9).optimizer.snapshot());
    if (name === 'cma-es')
      expectRefused(
        new Session(small(name, { options: { populationSize: 11 } }), f, 1).steps(9).optimizer.snapshot(),
      );
  });

  it('refuses a header with an entry too many or too few', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(sample, fc.nat(), (snapshot, at) => {
        expectRefused(withHeader(snapshot, { more: 1 }));
        const keys = Object.keys(snapshot.header);
        const { [keys[at % keys.length]!]: _, ...header } = snapshot.header;
        expectRefused({ ...snapshot, header });
      }),
      { numRuns: runs(name, 20), seed: 3 },
    );
  });

  it('refuses a header with an entry of another kind', () => {
    expect.hasAssertions();
    const kinds: readonly Json[] = [
      true,
      -1,
      0.5,
      1e300,
      '?',
      [],
      [-1],
      [0.5],
      [1, 1],
      [null],
      {},
      { kind: 1, detail: 'x' },
    ];
    fc.assert(
      fc.property(sample, fc.nat(), fc.constantFrom(...kinds), (snapshot, at, value) => {
        const keys = Object.keys(snapshot.header);
        const key = keys[at % keys.length]!;
        // No candidate may well be pending.
        fc.pre(JSON.stringify(snapshot.header[key]) !== JSON.stringify(value));
        expectRefused(withHeader(snapshot, { [key]: value }));
      }),
      { numRuns: runs(name, 60), seed: 4 },
    );
  });

  it('refuses a block that is cut off or too long', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(sample, fc.nat(), (snapshot, at) => {
        const { block } = snapshot;
        if (block.length > 0) expectRefused({ ...snapshot, block: block.slice(0, at % block.length) });
        expectRefused({ ...snapshot, block: Float64Array.of(...block, 0.5) });
      }),
      { numRuns: runs(name, 20), seed: 5 },
    );
  });

  const hasNumbers = samples.some(({ block }) => block.length > 0);

  it.runIf(hasNumbers)('refuses a block with a NaN anywhere', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(sample, fc.nat(), (snapshot, at) => {
        fc.pre(snapshot.block.length > 0);
        snapshot.block[at % snapshot.block.length] = NaN;
        expectRefused(snapshot);
      }),
      { numRuns: runs(name, 40), seed: 6 },
    );
  });

  it('either refuses any other change or works on with it', () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
    const number = fc.double();
    let accepted = 0;
    fc.assert(
      fc.property(sample, fc.nat(), json, fc.nat(), number, (snapshot, key, value, at, changed) => {
        const keys = Object.keys(snapshot.header);
        const header: JsonObject =
          key % 2 === 0 ? snapshot.header : { ...snapshot.header, [keys[key % keys.length]!]: value };
        if (snapshot.block.length > 0) snapshot.block[at % snapshot.block.length] = changed;
        const optimizer = small(name);
        const before = stateOf(optimizer);
        try {
          optimizer.restore({ ...snapshot, header });
        } catch (error) {
          expect(error).toMatchObject({ code: 'snapshot-invalid' });
          expect(stateOf(optimizer)).toEqual(before);
          return;
        }
        accepted++;
        expectInBox(drive(optimizer, f, 50).answers);
      }),
      { numRuns: runs(name, 200), seed: 7 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
