import type { Ranked } from '../../core/ranking.ts';
import { Batch } from '../batch.ts';
import type { StopReason } from '../contract.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { loadVertices, saveVertices, Simplex, type Vertex } from './simplex.ts';

/** What the candidates that are out are for. */
const PHASES = ['simplex', 'reflect', 'expand', 'contract-outside', 'contract-inside', 'shrink'] as const;
export type Phase = (typeof PHASES)[number];

/** All that changes in a Nelder-Mead search, but for the ledger. */
export interface State {
  phase: Phase;
  /** The points of the phase, asked for or not yet, in the unbounded space. */
  trials: readonly Float64Array[];
  batch: Batch;
  /** `undefined` until the first one is evaluated. */
  simplex: Simplex | undefined;
  /** The reflected point while another one is compared with it. */
  reflected: Vertex | undefined;
  /** The best value at the last fresh start. */
  reference: Required<Ranked> | undefined;
  restarts: number;
  /** Iterations in a row with hardly any difference between the values. */
  narrowIterations: number;
  stopReason: StopReason | undefined;
}

export function saveState(writer: SnapshotWriter, state: State): void {
  writer.put('phase', state.phase);
  writer.put('restarts', state.restarts);
  writer.put('narrowIterations', state.narrowIterations);
  writer.stop(state.stopReason);
  writer.put('trials', state.trials.length);
  for (const x of state.trials) writer.numbers(x);
  state.batch.save(writer);
  saveVertices(writer, 'vertices', state.simplex?.vertices ?? []);
  saveVertices(writer, 'reflected', state.reflected ? [state.reflected] : []);
  writer.answers('reference', state.reference ? [state.reference] : []);
}

/** @throws {CodedError} `snapshot-invalid` */
export function loadState(reader: SnapshotReader, n: number, maxRestarts: number): State {
  const phase = reader.text('phase', new RegExp(`^(${PHASES.join('|')})$`)) as Phase;
  const restarts = reader.integer('restarts', 0, maxRestarts);
  const narrowIterations = reader.integer('narrowIterations', 0, Number.MAX_SAFE_INTEGER);
  const stopReason = reader.stop();
  const count = reader.integer('trials', 1, n + 1);
  const trials = Array.from({ length: count }, () => reader.numbers('trials', n, finite));
  const batch = Batch.load(reader, count);
  const vertices = loadVertices(reader, 'vertices', n + 1, n);
  const [reflected] = loadVertices(reader, 'reflected', 1, n);
  const [reference] = reader.answers('reference', 1);
  reader.end();

  // Only the very first simplex is asked for as a whole; it is there once all of it was told.
  const isFirst = phase === 'simplex' && restarts === 0;
  const isMany = phase === 'simplex' || phase === 'shrink';
  const isEmpty = isFirst && !stopReason;
  const isFitting =
    vertices.length === (isEmpty ? 0 : n + 1) &&
    count === (isMany ? n + Number(isFirst) : 1) &&
    (reflected === undefined) === (isMany || phase === 'reflect') &&
    (reference === undefined) === isEmpty &&
    batch.isComplete === (stopReason !== undefined);
  if (!isFitting) throw reader.invalid(`has a state that does not fit its phase ${phase}`);

  const simplex = isEmpty ? undefined : new Simplex(vertices);
  return {
    phase,
    trials,
    batch,
    simplex,
    reflected,
    reference,
    restarts,
    narrowIterations,
    stopReason,
  };
}
