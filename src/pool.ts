/** A parallel map for everyone: `glompo/pool`. */
export type { ClusterConnection } from './backends/cluster/contract.ts';
export type {
  AnyFunction,
  CallContext,
  MethodFunction,
  ModuleFunction,
  PoolFunction,
  SourceFunction,
} from './pool/contract.ts';
export { type CoreOptions, usableCores } from './pool/cores.ts';
export { fromFunction, fromModule } from './pool/functions.ts';
export type { Inputs } from './pool/inputs.ts';
export { method } from './pool/method.ts';
export type { MethodName, MethodOf, MethodOptions } from './pool/method.ts';
export type { WorkerContext } from './pool/messages.ts';
export type { MapOptions, PoolBackend, PoolEngine, PoolOptions, Progress } from './pool/options.ts';
export { Pool } from './pool/pool.ts';
export type { CallParameters, Elements, Result as CallResult, Sequences } from './pool/types.ts';
export type { PoolStatistics, Spread } from './pool/statistics.ts';
