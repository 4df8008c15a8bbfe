import type { RandomStream } from '../../core/random.ts';
import type { StopReason } from '../contract.ts';
import { told, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { type Evaluated, loadEvaluated, loadPoints, saveEvaluated, savePoints } from '../evaluated.ts';
import type { QuasiNewtonDescent } from '../quasi-newton/descent.ts';
import { loadDescent } from './local-search.ts';
import type { ResolvedDualAnnealingOptions } from './options.ts';

/** What the candidates that are out are for. */
const PHASES = ['begin', 'visit', 'descend'] as const;
type Phase = (typeof PHASES)[number];

/** All that changes in a dual annealing, but for the random stream. */
export interface State {
  phase: Phase;
  /** Of the chains; a local search has points of its own. */
  points: readonly Float64Array[];
  /** Where the chains are; none while an annealing begins. */
  chains: Evaluated[];
  best: Evaluated | undefined;
  /** The best point at which a chain was since the last local search. */
  recent: Evaluated | undefined;
  local: QuasiNewtonDescent | undefined;
  /** Which temperature of this annealing, from 1 on. */
  time: number;
  /** How many candidates of this temperature each chain has had, below 2 n. */
  moves: number;
  /** Whether there is a better best point since the last local search. */
  hasImproved: boolean;
  /** Candidates of each chain since then, or since the last local search. */
  idleMoves: number;
  /** Temperatures in a row without an improvement, and the best value before them. */
  idleTemperatures: number;
  reference: number | undefined;
  /** Of all values so far; none: Infinity and -Infinity. */
  least: number;
  greatest: number;
  stopReason: StopReason | undefined;
}

export function saveState(writer: SnapshotWriter, state: State): void {
  writer.put('phase', state.phase);
  writer.put('time', state.time);
  writer.put('moves', state.moves);
  writer.put('hasImproved', Number(state.hasImproved));
  writer.put('idleMoves', state.idleMoves);
  writer.put('idleTemperatures', state.idleTemperatures);
  writer.put('hasReference', Number(state.reference !== undefined));
  writer.stop(state.stopReason);
  const hasValues = state.least <= state.greatest;
  writer.put('hasValues', Number(hasValues));
  writer.numbers([state.reference ?? 0, ...(hasValues ? [state.least, state.greatest] : [0, 0])]);
  saveEvaluated(writer, 'chains', state.chains);
  saveEvaluated(writer, 'best', state.best ? [state.best] : []);
  saveEvaluated(writer, 'recent', state.recent ? [state.recent] : []);
  const { local } = state;
  if (local)
    writer.within('descent', () => {
      local.save(writer);
    });
  if (!local) savePoints(writer, 'points', state.points);
}

/** @throws {CodedError} `snapshot-invalid` */
export function loadState(
  reader: SnapshotReader,
  options: ResolvedDualAnnealingOptions,
  steps: readonly number[],
  random: RandomStream,
): State {
  const n = steps.length;
  const phase = reader.text('phase', new RegExp(`^(${PHASES.join('|')})$`)) as Phase;
  const time = reader.integer('time', 1, Number.MAX_SAFE_INTEGER);
  const moves = reader.integer('moves', 0, 2 * n - 1);
  const hasImproved = reader.integer('hasImproved', 0, 1) === 1;
  const idleMoves = reader.integer('idleMoves', 0, Number.MAX_SAFE_INTEGER);
  const idleTemperatures = reader.integer('idleTemperatures', 0, Number.MAX_SAFE_INTEGER);
  const hasReference = reader.integer('hasReference', 0, 1) === 1;
  const hasValues = reader.integer('hasValues', 0, 1) === 1;
  const stopReason = reader.stop();
  const [reference, least, greatest] = reader.numbers('values', 3, told);
  const chains = loadEvaluated(reader, 'chains', options.chains, n);
  const [best] = loadEvaluated(reader, 'best', 1, n);
  const [recent] = loadEvaluated(reader, 'recent', 1, n);
  const local = phase === 'descend' ? loadDescent(reader, steps, options.tolFun, random) : undefined;
  const points = local ? [] : loadPoints(reader, 'points', n, options.chains);
  const isFitting =
    chains.length === (phase === 'begin' ? 0 : options.chains) && (best !== undefined || phase === 'begin');
  if (!isFitting) throw reader.invalid('has chains that do not fit its phase');
  return {
    phase,
    points,
    chains,
    best,
    recent,
    local,
    time,
    moves,
    hasImproved,
    idleMoves,
    idleTemperatures,
    reference: hasReference ? reference! : undefined,
    least: hasValues ? least! : Infinity,
    greatest: hasValues ? greatest! : -Infinity,
    stopReason,
  };
}
