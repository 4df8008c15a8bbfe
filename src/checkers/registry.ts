import { Registry } from '../core/component.ts';
import type { CheckerComponent } from './contract.ts';
import { killsAfterConvergence } from './kills-after-convergence.ts';
import { maxEvaluations } from './max-evaluations.ts';
import { maxKills } from './max-kills.ts';
import { maxOptimizersStarted } from './max-optimizers-started.ts';
import { maxSeconds } from './max-seconds.ts';
import { noImprovement } from './no-improvement.ts';
import { optimizersConverged } from './optimizers-converged.ts';
import { targetValue } from './target-value.ts';

export const checkers: Registry<CheckerComponent> = new Registry<CheckerComponent>('checker', [
  killsAfterConvergence,
  maxEvaluations,
  maxKills,
  maxOptimizersStarted,
  maxSeconds,
  noImprovement,
  optimizersConverged,
  targetValue,
]);
