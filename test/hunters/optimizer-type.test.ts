import { expect, it } from 'vitest';
import { optimizerType } from '../../src/hunters/optimizer-type.ts';
import { historyOf, huntOf, setup } from './support.ts';

const hunter = optimizerType.create({ types: ['cma-es', 'nelder-mead'] }, setup);

it.each([
  { type: 'nelder-mead', holds: true, detail: 'nelder-mead is one of cma-es, nelder-mead' },
  { type: 'random', holds: false, detail: 'random is not one of cma-es, nelder-mead' },
  { type: 'cma', holds: false, detail: 'cma is not one of cma-es, nelder-mead' },
])('optimizer-type looks for the exact name: $type', ({ type, holds, detail }) => {
  expect(hunter.examine({ ...huntOf([], []), victim: historyOf([], { type }) })).toEqual({ holds, detail });
});
