import { Joined, type Known, Registry } from '../core/component.ts';
import type { OptionsSchema } from '../core/options.ts';
import type { OptimizerComponent } from './contract.ts';
import { bayesian } from './bayesian.ts';
import { bfgs } from './bfgs.ts';
import { bobyqa } from './bobyqa.ts';
import { cmaEs } from './cma-es.ts';
import { dfoLs } from './dfo-ls.ts';
import { dualAnnealing } from './dual-annealing.ts';
import { grid } from './grid.ts';
import { lBfgsB } from './l-bfgs-b.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { levenbergMarquardt } from './levenberg-marquardt.ts';
import { nelderMead } from './nelder-mead.ts';
import { particleSwarm } from './particle-swarm.ts';
import { random } from './random.ts';
import { repeat } from './repeat.ts';
import { shade } from './shade.ts';
import { sobol } from './sobol.ts';
import { step } from './step.ts';
import { outsideOptimizers } from './outside/registry.ts';

/** Every optimizer of ours, and those that plug-ins bring. */
export const optimizers: Registry<OptimizerComponent> = new Registry<OptimizerComponent>(
  'optimizer',
  [
    bayesian,
    bfgs,
    bobyqa,
    cmaEs,
    dfoLs,
    dualAnnealing,
    grid,
    lBfgsB,
    latinHypercube,
    levenbergMarquardt,
    nelderMead,
    particleSwarm,
    random,
    repeat,
    shade,
    sobol,
    step,
  ],
  outsideOptimizers.names(),
);

/** What ours and those in processes of their own have in common. */
export interface NamedOptimizer {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionsSchema;
  /** Takes options that fit the schema. */
  fault?(options: never): string | undefined;
}

/** Every optimizer that a configuration can name. */
export const namedOptimizers: Known<NamedOptimizer> = new Joined<NamedOptimizer>(
  optimizers,
  outsideOptimizers,
);
