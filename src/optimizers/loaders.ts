import type { OptimizerComponent } from './contract.ts';

type Loader = () => Promise<OptimizerComponent>;

/** All that the registry has. */
const LOADERS: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['bayesian', async () => (await import('./bayesian.ts')).bayesian],
  ['bfgs', async () => (await import('./bfgs.ts')).bfgs],
  ['bobyqa', async () => (await import('./bobyqa.ts')).bobyqa],
  ['cma-es', async () => (await import('./cma-es.ts')).cmaEs],
  ['dfo-ls', async () => (await import('./dfo-ls.ts')).dfoLs],
  ['dual-annealing', async () => (await import('./dual-annealing.ts')).dualAnnealing],
  ['grid', async () => (await import('./grid.ts')).grid],
  ['l-bfgs-b', async () => (await import('./l-bfgs-b.ts')).lBfgsB],
  ['latin-hypercube', async () => (await import('./latin-hypercube.ts')).latinHypercube],
  ['levenberg-marquardt', async () => (await import('./levenberg-marquardt.ts')).levenbergMarquardt],
  ['nelder-mead', async () => (await import('./nelder-mead.ts')).nelderMead],
  ['particle-swarm', async () => (await import('./particle-swarm.ts')).particleSwarm],
  ['random', async () => (await import('./random.ts')).random],
  ['repeat', async () => (await import('./repeat.ts')).repeat],
  ['shade', async () => (await import('./shade.ts')).shade],
  ['sobol', async () => (await import('./sobol.ts')).sobol],
  ['step', async () => (await import('./step.ts')).step],
]);

export const LOADABLE: readonly string[] = [...LOADERS.keys()];

/**
 * Loads one optimizer and nothing of the others: a host runs one, and dozens of hosts start at once. All together take 20 ms and 10 MB more.
 *
 * @returns `undefined` for one that is not ours
 */
export async function loadOptimizer(name: string): Promise<OptimizerComponent | undefined> {
  return LOADERS.get(name)?.();
}
