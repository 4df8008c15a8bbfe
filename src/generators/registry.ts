import { Registry } from '../core/component.ts';
import { annealing } from './annealing.ts';
import { basinHopping } from './basin-hopping.ts';
import { clusterHopping } from './cluster-hopping.ts';
import type { GeneratorComponent } from './contract.ts';
import { exploreExploit } from './explore-exploit.ts';
import { incumbent } from './incumbent.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { magnitudes } from './magnitudes.ts';
import { perturbation } from './perturbation.ts';
import { random } from './random.ts';
import { singlePoint } from './single-point.ts';
import { sobol } from './sobol.ts';

export const generators: Registry<GeneratorComponent> = new Registry<GeneratorComponent>('generator', [
  random,
  sobol,
  latinHypercube,
  magnitudes,
  singlePoint,
  incumbent,
  perturbation,
  exploreExploit,
  basinHopping,
  clusterHopping,
  annealing,
]);
