import { OBJECTIVE, type ValueSeries } from '../conditions/series.ts';
import type { HuntContext, OptimizerHistory } from './contract.ts';

export function seriesOf(optimizer: OptimizerHistory, of: string): ValueSeries {
  return of === OBJECTIVE ? optimizer : optimizer.column(of);
}

export function spreadOf(context: HuntContext, of: string): number {
  return of === OBJECTIVE ? context.spread : context.spreadOf(of);
}
