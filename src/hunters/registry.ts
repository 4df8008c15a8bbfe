import { Registry } from '../core/component.ts';
import { bestUnmoving } from './best-unmoving.ts';
import type { HunterComponent } from './contract.ts';
import { evaluationsUnmoving } from './evaluations-unmoving.ts';
import { valueAnnealing } from './value-annealing.ts';

export const hunters: Registry<HunterComponent> = new Registry<HunterComponent>('hunter', [
  bestUnmoving,
  evaluationsUnmoving,
  valueAnnealing,
]);
