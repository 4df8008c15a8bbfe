import { describe, expect, it } from 'vitest';
import { toPlain } from '../../src/config/write.ts';
import { dir, load, refusal, TASK } from './support.ts';

describe('warmStart', () => {
  it.each([
    ['old', { inject: 'minima', force: false }],
    ['{ run: old }', { inject: 'minima', force: false }],
    ['{ run: old, inject: best, force: true }', { inject: 'best', force: true }],
  ])('may be %s, relative to its file', async (text, rest) => {
    const config = await load(`${TASK}warmStart: ${text}`);
    expect(config.warmStart).toStrictEqual({ run: `${dir}/old`, ...rest });
    expect(toPlain(config)['warmStart']).toStrictEqual(config.warmStart);
  });

  it('is not there by default', async () => {
    expect('warmStart' in (await load(TASK))).toBe(false);
  });

  it.each([
    ['5', '2:12 warmStart: expected the directory of a run, or a map with it, got 5'],
    ['{ inject: some, run: old }', '2:22 warmStart.inject: expected one of minima, best, none, got "some"'],
    ['{ run: old, forse: true }', '2:24 warmStart.forse: unknown option; did you mean force?'],
  ])('refuses %s', async (text, line) => {
    expect(await refusal(`${TASK}warmStart: ${text}`)).toEqual([`c.yaml:${line}`]);
  });

  it('is looked at when the rest has no mistakes, and what is wrong is told where it stands', async () => {
    const faults = ['there is no run', 'and no other'];
    expect(await refusal(`${TASK}warmStart: old`, { examineWarmStart: () => faults })).toEqual([
      'c.yaml:2:12 warmStart.run: there is no run',
      'c.yaml:2:12 warmStart.run: and no other',
    ]);
  });
});
