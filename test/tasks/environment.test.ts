import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../src/tasks/environment.ts';

const always = { PATH: '/bin', HOME: '/root', GLOMPO_COOKIES: 'c' };
const env = { PATH: '/bin', HOME: '/root', OMP_A: '1', OMP_B: '2', XOMP_A: '3', GLOMPO_COOKIES: 'c' };

describe('the environment of a program', () => {
  it('is that of the run when nothing is said', () => {
    expect(environmentOf(undefined, env)).toEqual(env);
    expect(environmentOf({}, env)).toEqual(env);
  });

  it('has no token of an engine, where no list passes it on', () => {
    const secret = { ...env, GLOMPO_ENGINE_TOKEN: 's' };
    expect(environmentOf(undefined, secret)).toEqual(env);
    expect(environmentOf({ set: { A: 'b' } }, secret)).toEqual({ ...env, A: 'b' });
    expect(environmentOf({ pass: ['GLOMPO_*'] }, secret)).toEqual({ ...always, GLOMPO_ENGINE_TOKEN: 's' });
  });

  it('is what a list passes on, and what its processes are known by', () => {
    expect(environmentOf({ pass: ['OMP_*'] }, env)).toEqual({ ...always, OMP_A: '1', OMP_B: '2' });
    expect(environmentOf({ pass: [] }, env)).toEqual(always);
    expect(environmentOf({ pass: ['.*', 'O?P_A'] }, env)).toEqual(always);
  });

  it('has what is set, whatever is passed on', () => {
    expect(
      environmentOf({ pass: ['PATH'], set: { PATH: '/usr/bin', N: '{n}' } }, env, (text) =>
        text.replace('{n}', '4'),
      ),
    ).toEqual({ ...always, PATH: '/usr/bin', N: '4' });
  });
});
