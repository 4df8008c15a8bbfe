import { Registry } from '../core/component.ts';
import type { CheckerComponent } from './contract.ts';
import { maxEvaluations } from './max-evaluations.ts';
import { maxSeconds } from './max-seconds.ts';
import { targetValue } from './target-value.ts';

export const checkers: Registry<CheckerComponent> = new Registry<CheckerComponent>('checker', [
  maxEvaluations,
  maxSeconds,
  targetValue,
]);
