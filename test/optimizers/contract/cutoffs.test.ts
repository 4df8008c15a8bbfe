import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import type { Answer, Candidate } from '../../../src/optimizers/contract.ts';
import { answer, failing, make, type Objective, reported, rosenbrock, subjects, usual } from '../support.ts';
import { runs } from './support.ts';

/** To all others every value matters, as the documentation says of each. */
const CUTTING = [
  'grid',
  'latin-hypercube',
  'levenberg-marquardt',
  'nelder-mead',
  'particle-swarm',
  'random',
  'shade',
  'sobol',
];

it('those have one to which not every value matters', () => {
  expect(subjects.filter((name) => make(name).cutoff !== undefined).toSorted()).toEqual(CUTTING);
});

/** Tells an answer as a task that stops early would: any bound above the cutoff in place of a value above it. */
function shortened(told: Answer, cutoff: number, random: RandomStream): Answer {
  const { id, x, fx, violation = 0 } = told;
  if (!(fx > cutoff) || violation > 0 || fx === Infinity) return told;
  const bound = cutoff + random.uniform() * (fx - cutoff);
  // Without residuals, which are not known before the end.
  return { id, x, fx: bound > cutoff ? bound : fx };
}

describe.each(CUTTING)('%s', (name) => {
  const objectives: Readonly<Record<string, Objective>> = {
    'its usual function': usual(name),
    'a curved valley': rosenbrock,
    'one that fails half of the time': failing(name),
    'one with points that are not feasible': reported,
  };

  it.each(Object.entries(objectives))(
    'does the same when it is told bounds above its cutoffs: %s',
    (_, f) => {
      let cut = 0;
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
          const [whole, early] = [make(name, { seed }), make(name, { seed })];
          const random = RandomStream.at(seed, 'test/cutoffs');
          let pending: (readonly [Candidate, number])[] = [];
          for (let turn = 0; turn < 400; turn++) {
            if (pending.length === 0 || random.uniform() < 0.4) {
              const limit = 1 + random.integer(9);
              const candidates = whole.ask(limit);
              expect(early.ask(limit)).toEqual(candidates);
              const started = candidates.map((candidate) => {
                const cutoff = early.cutoff!(candidate);
                expect(whole.cutoff!(candidate)).toBe(cutoff);
                return [candidate, cutoff] as const;
              });
              pending.push(...started);
              continue;
            }
            const count = 1 + random.integer(pending.length);
            const taken = pending.slice(0, count);
            pending = pending.slice(count);
            const truth = taken.map(([candidate]) => answer(candidate, f));
            const bounds = truth.map((one, i) => shortened(one, taken[i]![1], random));
            cut += bounds.filter((one, i) => one !== truth[i]).length;
            whole.tell(truth);
            early.tell(bounds);
          }
          expect(early.stopReason).toEqual(whole.stopReason);
        }),
        { numRuns: runs(name, 20), seed: 5 },
      );
      // A vertex that failed is replaced by any that did not.
      if (name !== 'nelder-mead' || f !== objectives['one that fails half of the time'])
        expect(cut).toBeGreaterThan(0);
    },
  );

  it('every value matters at first', () => {
    const optimizer = make(name);
    for (const candidate of optimizer.ask(1)) expect(optimizer.cutoff!(candidate)).toBe(Infinity);
  });
});
