import type { ClusterConnection } from '../backends/cluster/contract.ts';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';

/** By this file in the run directory workers find the engine. */
export const RENDEZVOUS = 'engine.json';

/** By this file there those that were launched together with the one that manages see that it has nothing for them to do any more. */
export const LAUNCH_OVER = 'launch-over.json';

/** With what other machines evaluate for a run. */
export interface EngineOptions {
  /** Where the engine is. @default a server of the run's own, that is started with it and ends with it */
  readonly connection?: ClusterConnection;
  /** Where a server of the run's own listens: the name or address of this machine, as others know it. @default 127.0.0.1: for workers of this machine */
  readonly host?: string;
  /** What tells workers that were launched together with this run that it is theirs. @default nothing */
  readonly launchKey?: string;
}

/** @throws {CodedError} `usage` when nothing of a run could be evaluated elsewhere */
export function refuseInline({ manager }: RunConfig): void {
  if (manager.backend === 'inline')
    throw new CodedError(
      'usage',
      'manager.backend inline evaluates in this thread alone: for other machines it has to be threads, processes or processes_forced',
    );
}

/** What an optimizer does that is not told to use threads or processes of its host: its points go to other machines. */
export function withCluster(config: RunConfig): RunConfig {
  return withEvaluate(config, 'inline', 'cluster');
}

/** The same without an engine: in threads of this machine. */
export function withoutCluster(config: RunConfig): RunConfig {
  return withEvaluate(config, 'cluster', 'threads');
}

export function usesCluster({ optimizers }: RunConfig): boolean {
  return optimizers.use.some(({ evaluate }) => evaluate === 'cluster');
}

type Evaluate = RunConfig['optimizers']['use'][number]['evaluate'];

function withEvaluate(config: RunConfig, from: Evaluate, to: Evaluate): RunConfig {
  const use = config.optimizers.use.map((one) => (one.evaluate === from ? { ...one, evaluate: to } : one));
  return { ...config, optimizers: { ...config.optimizers, use } };
}
