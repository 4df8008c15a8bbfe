import { Registry } from '../../core/component.ts';
import type { OutsideOptimizer } from './contract.ts';
import { nevergrad } from './nevergrad.ts';
import { program } from './program.ts';
import { pycma } from './pycma.ts';
import { scipy } from './scipy.ts';

/** Every optimizer in a process of its own that a configuration can name. */
export const outsideOptimizers: Registry<OutsideOptimizer> = new Registry<OutsideOptimizer>('optimizer', [
  nevergrad,
  program,
  pycma,
  scipy,
]);
