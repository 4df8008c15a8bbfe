import type { ValueSeries } from '../../src/conditions/series.ts';
import type { ConditionSetup } from '../../src/conditions/setup.ts';
import { drawAt } from '../../src/core/random.ts';
import type { HuntContext, Hunter, OptimizerHistory } from '../../src/hunters/contract.ts';

/** One evaluation of a made-up history; `fx` is `null` when it failed. */
export interface Evaluation {
  readonly fx: number | null;
  readonly x?: readonly number[];
  readonly extras?: Readonly<Record<string, number>>;
}

/** What a hunter declares; whoever asks for more is told so. */
type Declared = Pick<Hunter, 'window' | 'pointWindow' | 'columns'>;

interface Written {
  readonly id?: number;
  readonly type?: string;
  readonly restarts?: boolean;
  readonly declared?: Declared | undefined;
}

/** A history written out: values, `null` for failed evaluations, or evaluations in full. */
export function historyOf(
  some: readonly (number | null | Evaluation)[],
  { id = 2, type = 'cma-es', restarts = false, declared }: Written = {},
): OptimizerHistory {
  const evaluations = some.map((one) => (typeof one === 'number' || one === null ? { fx: one } : one));
  const worked = evaluations.filter(({ fx }) => fx !== null);
  const within = (calls: number, limit: number | undefined): number => {
    if (declared && calls > (limit ?? 0)) throw new RangeError(`asked for ${calls}, declared ${limit}`);
    return calls;
  };
  const series = (values: readonly number[]): ValueSeries => ({
    evaluations: values.length,
    best: lowest(values),
    bestAgo: (calls) => lowest(values.slice(0, Math.max(0, values.length - within(calls, declared?.window)))),
    lastValues: (calls) => Float64Array.from(last(values, within(calls, declared?.window))),
    // A value is a stretch while there are so few.
    lows: Float64Array.from(values),
  });
  return {
    id,
    type,
    restarts,
    calls: evaluations.length,
    failedInARow: evaluations.length - 1 - evaluations.findLastIndex(({ fx }) => fx !== null),
    ...series(worked.map(({ fx }) => fx!)),
    column(name) {
      if (declared && !declared.columns?.includes(name)) throw new RangeError(`${name} was not declared`);
      return series(columnOf(evaluations, name));
    },
    lastPoints: (calls) =>
      last(worked, within(calls, declared?.pointWindow)).map(({ x }) => Float64Array.from(x ?? [])),
  };
}

/** Optimizer 2 as the victim and optimizer 1 as the holder of the best value, at call 500 of a run that consists of them. */
export function huntOf(
  victim: readonly (number | null | Evaluation)[],
  holder: readonly (number | null | Evaluation)[],
  { callId = 500, declared }: { readonly callId?: number; readonly declared?: Declared } = {},
): HuntContext {
  const all = [...victim, ...holder].map((one) =>
    typeof one === 'number' || one === null ? { fx: one } : one,
  );
  return {
    callId,
    candidates: [2],
    victim: historyOf(victim, { id: 2, declared }),
    holder: historyOf(holder, { id: 1, declared }),
    spread: spreadAmong(all.flatMap(({ fx }) => fx ?? [])),
    spreadOf(column) {
      if (declared && !declared.columns?.includes(column)) throw new RangeError(`${column} was not declared`);
      return spreadAmong(columnOf(all, column));
    },
    distance: (a, b) =>
      Math.sqrt(a.reduce((sum, _, i) => sum + (a[i]! - b[i]!) ** 2, 0)) / Math.sqrt(a.length),
  };
}

/** Draws as in a run with seed 9. */
export const setup: ConditionSetup = {
  path: 'hunters',
  draw: (callId, id) => drawAt(9, 'hunters', callId, id),
};

/** Always draws `u`. */
export function drawing(u: number): ConditionSetup {
  return { path: 'hunters', draw: () => u };
}

/** The values of column `extras.NAME`. */
function columnOf(evaluations: readonly Evaluation[], column: string): readonly number[] {
  const name = column.slice('extras.'.length);
  return evaluations.flatMap(({ fx, extras }) => (fx === null ? [] : (extras?.[name] ?? [])));
}

function lowest(values: readonly number[]): number {
  return values.length === 0 ? NaN : Math.min(...values);
}

function last<T>(some: readonly T[], count: number): readonly T[] {
  return some.slice(Math.max(0, some.length - count));
}

/** Median minus lowest; 0 for nothing. */
function spreadAmong(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1]!;
  const lower = sorted[(sorted.length - 1) >> 1]!;
  return (lower + upper) / 2 - sorted[0]!;
}
