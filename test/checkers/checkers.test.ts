import { describe, expect, it } from 'vitest';
import { checkers } from '../../src/checkers/registry.ts';
import { factsOf, setup } from './support.ts';

/** Options that each checker can be made with. */
const USEFUL: Readonly<Record<string, object>> = {
  'kills-after-convergence': { kills: 1, converged: 1 },
  'max-evaluations': { evaluations: 10 },
  'max-kills': { kills: 1 },
  'max-optimizers-started': { optimizers: 1 },
  'max-seconds': { seconds: 1, of: 'session' },
  'no-improvement': { evaluations: 10, tolerance: 0, of: 'fx' },
  'optimizers-converged': { optimizers: 1 },
  'target-value': { target: 0, tolerance: 0, of: 'fx' },
};

it('knows every checker of the registry', () => {
  expect(Object.keys(USEFUL)).toEqual(checkers.names());
});

describe.each(checkers.all())('every checker: $name', (component) => {
  const make = (): ReturnType<typeof component.create> =>
    component.create(USEFUL[component.name] as never, setup);

  it('does not hold before the run has begun, and says why', () => {
    const checker = make();
    const finding = checker.examine(
      factsOf({
        evaluations: 0,
        best: NaN,
        spread: 0,
        sessionSeconds: 0,
        overallSeconds: 0,
        optimizers: { started: 0, converged: 0, killed: 0 },
        killedAfter: () => 0,
      }),
    );
    expect(checker.name).toBe(component.name);
    expect(finding.holds).toBe(false);
    expect(finding.detail).not.toBe('');
  });

  it('bounds the evaluations only if it is about their number', () => {
    expect(make().budget).toBe(component.name === 'max-evaluations' ? 10 : undefined);
  });
});

describe.each(['no-improvement', 'target-value'])('the column of %s', (name) => {
  const component = checkers.get(name);

  it.each(['fx', 'extras.size', 'extras.a.b'])('may be %s', (of) => {
    expect(component.fault?.({ of } as never)).toBeUndefined();
  });

  it.each(['size', 'extras', 'extras.', 'FX', ''])('may not be "%s"', (of) => {
    expect(component.fault?.({ of } as never)).toBe(`of must be fx or extras.NAME, got ${of}`);
  });
});
