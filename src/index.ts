/** The public API of glompo. */
export { GloMPOManager } from './manager/manager.ts';
export type { GloMPOManagerOptions, GloMPOResumeOptions } from './manager/manager-options.ts';
export type { EngineOptions } from './manager/engine-options.ts';
export type { ClusterConnection } from './backends/cluster/contract.ts';
export type { ResumeOptions } from './manager/sessions.ts';
export type { Outcome as CommandOutcome } from './control/protocol.ts';
export type { RunState } from './manager/lifecycle.ts';
export type { ManagerEvent } from './manager/events.ts';
export type {
  BestProgress,
  FitFigures,
  LiveProgress,
  Minimum,
  NoiseFigures,
  OptimizerCounts,
  ResourceFigures,
  RunProgress,
  RunResult,
  SlotTime,
  UtilisationFigures,
} from './log/figures.ts';
export type { ClusterFigures } from './log/cluster-figures.ts';
export type { Checkpoint, OptimizerStatus } from './log/contract.ts';
export type { LoggedState } from './log/state.ts';
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
  type RunInput,
  type TaskInput,
} from './config/input.ts';
export { loadConfig } from './config/load.ts';
export type {
  CommandInput,
  EnvironmentInput,
  PythonInput,
  ReadingInput,
  ResidualsInput,
  WorkerInput,
} from './config/task-input.ts';
export type {
  KnownCheckers,
  KnownGenerators,
  KnownHunters,
  KnownOptimizers,
  KnownSelectors,
} from './config/known.ts';
export { resolveConfig, type ResolveOptions } from './config/resolve.ts';
export { ConfigError, type Problem } from './config/problems.ts';
export type {
  CacheSettings,
  CheckpointSettings,
  ComponentUse,
  ConditionUse,
  ManagerSettings,
  OptimizerUse,
  RunConfig,
  SpawnLimits,
  WarmStartSettings,
} from './config/run-config.ts';
export type { Logger, MessageComponent, MessageLevel } from './core/logger.ts';
export type { Levels as MessageLevels } from './messages/levels.ts';
export { MessageFile, type MessageFileOptions } from './messages/message-file.ts';
export { CodedError, GlompoError, type GlompoErrorCode } from './core/errors.ts';
export type {
  BestPoint,
  EvaluationContext,
  Task,
  TaskFailure,
  TaskFunction,
  TaskGeometry,
  TaskResult,
  TaskReturn,
  TaskSpec,
} from './tasks/contract.ts';
export type { ResidualRule } from './tasks/residuals.ts';
export type { Parameter } from './space/parameter.ts';
export { type LoggedEvaluation, LogReader, type OptimizerSummary, type RunSummary } from './log/reader.ts';
export * from './plugin.ts';
export { VERSION } from './version.ts';
