import { OBJECTIVE } from '../conditions/series.ts';
import type { ColumnFacts, RunFacts } from './contract.ts';

export function factsOf(run: RunFacts, of: string): ColumnFacts {
  return of === OBJECTIVE ? run : run.column(of);
}
