import { Registry } from '../core/component.ts';
import { bestUnmoving } from './best-unmoving.ts';
import type { HunterComponent } from './contract.ts';
import { evaluationsUnmoving } from './evaluations-unmoving.ts';
import { forecast } from './forecast.ts';
import { lastPointsInvalid } from './last-points-invalid.ts';
import { minEvaluations } from './min-evaluations.ts';
import { optimizerType } from './optimizer-type.ts';
import { parameterDistance } from './parameter-distance.ts';
import { stepSize } from './step-size.ts';
import { timeAnnealing } from './time-annealing.ts';
import { valueAnnealing } from './value-annealing.ts';

export const hunters: Registry<HunterComponent> = new Registry<HunterComponent>('hunter', [
  bestUnmoving,
  evaluationsUnmoving,
  forecast,
  lastPointsInvalid,
  minEvaluations,
  optimizerType,
  parameterDistance,
  stepSize,
  timeAnnealing,
  valueAnnealing,
]);
