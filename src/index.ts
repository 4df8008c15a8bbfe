/** The public API of glompo. */
export { GloMPOManager, type GloMPOManagerOptions } from './manager/manager.ts';
export type { RunState } from './manager/run.ts';
export type { ManagerEvent } from './manager/events.ts';
export type { LiveProgress, OptimizerCounts, RunProgress, RunResult } from './log/figures.ts';
export { loadConfig } from './config/load.ts';
export { resolveConfig } from './config/resolve.ts';
export { ConfigError } from './config/problems.ts';
export type { RunConfig } from './config/run-config.ts';
export { CodedError, GlompoError, type GlompoErrorCode } from './core/errors.ts';
export type { EvaluationContext, TaskFunction, TaskResult } from './tasks/contract.ts';
export { LogReader, type OptimizerSummary, type RunSummary } from './log/reader.ts';
export type { Answer, Candidate, Optimizer, OptimizerSnapshot, StopReason } from './optimizers/contract.ts';
export { VERSION } from './version.ts';
