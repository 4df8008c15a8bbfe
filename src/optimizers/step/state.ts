import type { StopReason } from '../contract.ts';
import { inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { loadPoints, savePoints } from '../evaluated.ts';
import { Line } from './line.ts';
import type { ResolvedStepOptions } from './options.ts';

/** The role of a trial: a coordinate >= 0 that it samples, or one of these. */
export const PROBE = -1;
export const COMBINED = -2;

/** All that changes in a STEP search, but for the random stream. */
export interface State {
  /** Of the round that it is at; when it has stopped, of the last one. */
  points: readonly Float64Array[];
  /** One a point. */
  roles: readonly number[];
  /** From where all lines go; `fx` is NaN until a point with a value was found. */
  base: Float64Array;
  fx: number;
  lines: readonly Line[];
  /** The greatest size of a value at a base: what the rounding of heights is measured by. */
  scale: number;
  rounds: number;
  /** Points without a usable value while there is no base. */
  probes: number;
  /** Whether any of them had a value, if not a feasible one. */
  isAnyTold: boolean;
  /** How often in a row the best coordinates together had no usable value. */
  misses: number;
  stopReason: StopReason | undefined;
}

export function saveState(writer: SnapshotWriter, state: State): void {
  writer.put('rounds', state.rounds);
  writer.put('probes', state.probes);
  writer.put('misses', state.misses);
  writer.put('isAnyTold', Number(state.isAnyTold));
  writer.stop(state.stopReason);
  savePoints(writer, 'points', state.points);
  writer.numbers(state.roles);
  writer.numbers(state.base);
  writer.put('hasBase', Number(!Number.isNaN(state.fx)));
  writer.numbers([Number.isNaN(state.fx) ? 0 : state.fx, state.scale]);
  for (const line of state.lines) line.save(writer);
}

/** @throws {CodedError} `snapshot-invalid` */
export function loadState(
  reader: SnapshotReader,
  options: ResolvedStepOptions,
  steps: readonly number[],
  most: Readonly<Record<'probes' | 'misses', number>>,
): State {
  const n = steps.length;
  const rounds = reader.integer('rounds', 0, Number.MAX_SAFE_INTEGER);
  const probes = reader.integer('probes', 0, 2 * most.probes);
  const misses = reader.integer('misses', 0, most.misses);
  const isAnyTold = reader.integer('isAnyTold', 0, 1) === 1;
  const stopReason = reader.stop();
  const points = loadPoints(reader, 'points', n, 1, Math.max(n + 1, most.probes));
  const roles = [
    ...reader.numbers(
      'roles',
      points.length,
      (value) => Number.isInteger(value) && value >= COMBINED && value < n,
    ),
  ];
  const base = reader.numbers('base', n, inUnitBox);
  const hasBase = reader.integer('hasBase', 0, 1) === 1;
  const fx = reader.number('value of the base', Number.isFinite);
  const scale = reader.number('scale', (value) => value >= 0 && Number.isFinite(value));
  const lines = steps.map((values, i) => Line.load(reader, options, values, base[i]!));
  const isFitting =
    !roles.includes(COMBINED) ||
    (hasBase &&
      roles.indexOf(COMBINED) === roles.length - 1 &&
      lines.every((line, i) => Number.isFinite(line.heightAt(points.at(-1)![i]!))));
  if (!isFitting) throw reader.invalid('has points that do not fit its lines');
  return {
    points,
    roles,
    base,
    fx: hasBase ? fx : NaN,
    lines,
    scale,
    rounds,
    probes,
    misses,
    isAnyTold,
    stopReason,
  };
}
