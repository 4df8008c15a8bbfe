import type { KillsAfterConvergenceOptions } from '../checkers/kills-after-convergence.ts';
import type { MaxEvaluationsOptions } from '../checkers/max-evaluations.ts';
import type { MaxKillsOptions } from '../checkers/max-kills.ts';
import type { MaxOptimizersStartedOptions } from '../checkers/max-optimizers-started.ts';
import type { MaxSecondsOptions } from '../checkers/max-seconds.ts';
import type { NoImprovementOptions } from '../checkers/no-improvement.ts';
import type { OptimizersConvergedOptions } from '../checkers/optimizers-converged.ts';
import type { TargetValueOptions } from '../checkers/target-value.ts';
import type { AnnealingOptions } from '../generators/annealing.ts';
import type { BasinHoppingOptions } from '../generators/basin-hopping.ts';
import type { ClusterHoppingOptions } from '../generators/cluster-hopping.ts';
import type { ExploreExploitOptions } from '../generators/explore-exploit.ts';
import type { LatinHypercubeOptions } from '../generators/latin-hypercube.ts';
import type { MagnitudesOptions } from '../generators/magnitudes.ts';
import type { PerturbationOptions } from '../generators/perturbation.ts';
import type { SinglePointOptions } from '../generators/single-point.ts';
import type { BestUnmovingOptions } from '../hunters/best-unmoving.ts';
import type { EvaluationsUnmovingOptions } from '../hunters/evaluations-unmoving.ts';
import type { ForecastOptions } from '../hunters/forecast.ts';
import type { LastPointsInvalidOptions } from '../hunters/last-points-invalid.ts';
import type { MinEvaluationsOptions } from '../hunters/min-evaluations.ts';
import type { OptimizerTypeOptions } from '../hunters/optimizer-type.ts';
import type { ParameterDistanceOptions } from '../hunters/parameter-distance.ts';
import type { StepSizeOptions } from '../hunters/step-size.ts';
import type { TimeAnnealingOptions } from '../hunters/time-annealing.ts';
import type { ValueAnnealingOptions } from '../hunters/value-annealing.ts';
import type { BayesianOptions } from '../optimizers/bayesian.ts';
import type { QuasiNewtonOptions } from '../optimizers/bfgs.ts';
import type { CmaEsOptions } from '../optimizers/cma-es.ts';
import type { DualAnnealingOptions } from '../optimizers/dual-annealing.ts';
import type { GridOptions } from '../optimizers/grid.ts';
import type { LimitedOptions } from '../optimizers/l-bfgs-b.ts';
import type { LatinHypercubeSamplingOptions } from '../optimizers/latin-hypercube.ts';
import type { LevenbergMarquardtOptions } from '../optimizers/levenberg-marquardt.ts';
import type { NelderMeadOptions } from '../optimizers/nelder-mead.ts';
import type { NevergradOptions } from '../optimizers/outside/nevergrad.ts';
import type { ProgramOptions } from '../optimizers/outside/program.ts';
import type { PycmaOptions } from '../optimizers/outside/pycma.ts';
import type { ScipyOptions } from '../optimizers/outside/scipy.ts';
import type { ParticleSwarmOptions } from '../optimizers/particle-swarm.ts';
import type { RepeatOptions } from '../optimizers/repeat.ts';
import type { ShadeOptions } from '../optimizers/shade.ts';
import type { SobolOptions } from '../optimizers/sobol.ts';
import type { StepOptions } from '../optimizers/step.ts';
import type { TrustRegionOptions } from '../optimizers/trust-region/options.ts';
import type { BanditOptions } from '../selectors/bandit.ts';
import type { ShareOptions } from '../selectors/share.ts';
import type { ChainOptions } from '../selectors/chain.ts';
import type { ComponentInput } from './input.ts';
import type { OptimizerUse } from './run-config.ts';

/** Options that all have defaults. */
type Optional<Options> = Partial<Options> | null;

/** Options of which one is required: its value alone will do. */
type Requires<Options, Key extends keyof Options> =
  | Options[Key]
  | (Pick<Options, Key> & Partial<Omit<Options, Key>>);

type None = Readonly<Record<string, never>> | null;

/** What any optimizer takes besides its own options: see `OptimizerUse`. */
type OfAny = Pick<OptimizerUse, 'workers' | 'evaluate' | 'priority' | 'maxStarts'> & {
  readonly generator: ComponentInput<KnownGenerators>;
};

type Optimizer<Options> = Optional<Options & OfAny>;

// What may be written under the name of each component that glompo has, for the types of programs. The registries say the same for the
// checks of a configuration; a test compares the names.

export interface KnownOptimizers {
  readonly bayesian: Optimizer<BayesianOptions>;
  readonly bfgs: Optimizer<QuasiNewtonOptions>;
  readonly bobyqa: Optimizer<TrustRegionOptions>;
  readonly 'cma-es': Optimizer<CmaEsOptions>;
  readonly 'dfo-ls': Optimizer<TrustRegionOptions>;
  readonly 'dual-annealing': Optimizer<DualAnnealingOptions>;
  readonly grid: Optimizer<GridOptions>;
  readonly 'l-bfgs-b': Optimizer<LimitedOptions>;
  readonly 'latin-hypercube': Optimizer<LatinHypercubeSamplingOptions>;
  readonly 'levenberg-marquardt': Optimizer<LevenbergMarquardtOptions>;
  readonly 'nelder-mead': Optimizer<NelderMeadOptions>;
  readonly nevergrad: Optimizer<NevergradOptions>;
  readonly 'particle-swarm': Optimizer<ParticleSwarmOptions>;
  readonly program: Requires<ProgramOptions & OfAny, 'command'>;
  readonly pycma: Optimizer<PycmaOptions>;
  readonly random: Optimizer<object>;
  readonly repeat: Optimizer<RepeatOptions>;
  readonly scipy: Requires<ScipyOptions & OfAny, 'method'>;
  readonly shade: Optimizer<ShadeOptions>;
  readonly sobol: Optimizer<SobolOptions>;
  readonly step: Optimizer<StepOptions>;
}

export interface KnownSelectors {
  readonly bandit: Optional<BanditOptions>;
  readonly chain: Requires<ChainOptions, 'thresholds'>;
  readonly cycle: None;
  readonly random: None;
  readonly share: Optional<ShareOptions>;
}

export interface KnownGenerators {
  readonly annealing: Optional<AnnealingOptions>;
  readonly 'basin-hopping': Optional<BasinHoppingOptions>;
  readonly 'cluster-hopping': Optional<ClusterHoppingOptions>;
  readonly 'explore-exploit': Optional<ExploreExploitOptions>;
  readonly incumbent: None;
  readonly 'latin-hypercube': Optional<LatinHypercubeOptions>;
  readonly magnitudes: Optional<MagnitudesOptions>;
  readonly perturbation: Optional<PerturbationOptions>;
  readonly random: None;
  readonly 'single-point': Optional<SinglePointOptions>;
  readonly sobol: None;
}

export interface KnownHunters {
  readonly 'best-unmoving': Requires<BestUnmovingOptions, 'calls'>;
  readonly 'evaluations-unmoving': Requires<EvaluationsUnmovingOptions, 'calls'>;
  readonly forecast: Optional<ForecastOptions>;
  readonly 'last-points-invalid': Requires<LastPointsInvalidOptions, 'calls'>;
  readonly 'min-evaluations': Requires<MinEvaluationsOptions, 'calls'>;
  readonly 'optimizer-type': Requires<OptimizerTypeOptions, 'types'>;
  readonly 'parameter-distance': Requires<ParameterDistanceOptions, 'tolerance'>;
  readonly 'step-size': Requires<StepSizeOptions, 'calls'>;
  readonly 'time-annealing': Optional<TimeAnnealingOptions>;
  readonly 'value-annealing': Optional<ValueAnnealingOptions>;
}

export interface KnownCheckers {
  readonly 'kills-after-convergence': Requires<KillsAfterConvergenceOptions, 'kills'>;
  readonly 'max-evaluations': Requires<MaxEvaluationsOptions, 'evaluations'>;
  readonly 'max-kills': Requires<MaxKillsOptions, 'kills'>;
  readonly 'max-optimizers-started': Requires<MaxOptimizersStartedOptions, 'optimizers'>;
  readonly 'max-seconds': Requires<MaxSecondsOptions, 'seconds'>;
  readonly 'no-improvement': Requires<NoImprovementOptions, 'evaluations'>;
  readonly 'optimizers-converged': Requires<OptimizersConvergedOptions, 'optimizers'>;
  readonly 'target-value': Requires<TargetValueOptions, 'target'>;
}
