/** The public API of glompo. */
export { GloMPOManager } from './manager/manager.ts';
export type { GloMPOManagerOptions, GloMPOResumeOptions } from './manager/manager-options.ts';
export type { EngineOptions } from './manager/engine-options.ts';
export type { ClusterConnection } from './backends/cluster/contract.ts';
export type { RunState } from './manager/lifecycle.ts';
export type { ManagerEvent } from './manager/events.ts';
export type {
  BestProgress,
  LiveProgress,
  Minimum,
  NoiseFigures,
  OptimizerCounts,
  RunProgress,
  RunResult,
  UtilisationFigures,
} from './log/figures.ts';
export {
  all,
  any,
  type ComponentInput,
  type ConditionInput,
  type ConfigInput,
  type ManagerInput,
  not,
  type OptimizerInput,
  type OptimizersInput,
  type ParameterInput,
  type TaskInput,
} from './config/input.ts';
export { loadConfig } from './config/load.ts';
export { resolveConfig } from './config/resolve.ts';
export { ConfigError, type Problem } from './config/problems.ts';
export type { RunConfig } from './config/run-config.ts';
export type { Logger, MessageComponent, MessageLevel } from './core/logger.ts';
export { MessageFile, type MessageFileOptions } from './messages/message-file.ts';
export { CodedError, GlompoError, type GlompoErrorCode } from './core/errors.ts';
export type {
  BestPoint,
  EvaluationContext,
  Task,
  TaskFailure,
  TaskFunction,
  TaskResult,
} from './tasks/contract.ts';
export { LogReader, type OptimizerSummary, type RunSummary } from './log/reader.ts';
export * from './plugin.ts';
export { VERSION } from './version.ts';
