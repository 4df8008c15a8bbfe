/**
 * What a plug-in is made with. It is loaded where optimizers run, so it imports these from `glompo/plugin`: the whole of `glompo`
 * would cost each thread and process a fifth of a second.
 */
import type { CheckerComponent } from './checkers/contract.ts';
import type { GeneratorComponent } from './generators/contract.ts';
import type { HunterComponent } from './hunters/contract.ts';
import type { OptimizerComponent } from './optimizers/contract.ts';
import type { SelectorComponent } from './selectors/contract.ts';

/** The default export of a plug-in module: the components that it brings along. */
export interface Plugin {
  readonly optimizers?: readonly Part<OptimizerComponent>[];
  readonly hunters?: readonly Part<HunterComponent>[];
  readonly checkers?: readonly Part<CheckerComponent>[];
  readonly selectors?: readonly Part<SelectorComponent>[];
  readonly generators?: readonly Part<GeneratorComponent>[];
}

/** A component that takes no options may leave them out, and any its summary. */
type Part<Whole extends { readonly summary: unknown; readonly options: unknown }> = Omit<
  Whole,
  'summary' | 'options'
> &
  Partial<Pick<Whole, 'summary' | 'options'>>;

export type { CodedError } from './core/errors.ts';
export type { Component } from './core/component.ts';
export type { Json, JsonObject } from './core/json.ts';
export { options, type OptionSchema, type OptionsSchema } from './core/options.ts';
export { RandomStream, type Words } from './core/random.ts';
export { compareRanked, type Ranked } from './core/ranking.ts';
export type { FreeParameter } from './space/parameter.ts';
export type { Condition, Finding } from './conditions/condition.ts';
export type { PastOptimizer, RunSoFar } from './conditions/past-optimizer.ts';
export type { ValueSeries } from './conditions/series.ts';
export type { ConditionSetup } from './conditions/setup.ts';
export type { HuntContext, Hunter, HunterComponent, OptimizerHistory } from './hunters/contract.ts';
export type { Checker, CheckerComponent, ColumnFacts, RunFacts } from './checkers/contract.ts';
export type { SelectionContext, Selector, SelectorComponent, SelectorSetup } from './selectors/contract.ts';
export type {
  GenerationContext,
  Generator,
  GeneratorComponent,
  GeneratorSetup,
} from './generators/contract.ts';
export type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './optimizers/contract.ts';
export { CandidateLedger } from './optimizers/ledger.ts';
export { inUnitBox, type NumberRule, SnapshotReader, SnapshotWriter } from './optimizers/snapshot.ts';
