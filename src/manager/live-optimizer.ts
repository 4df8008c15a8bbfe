import type { HostHandle } from '../backends/hosts/contract.ts';
import {
  type Control,
  type HostAssignment,
  type KnownRows,
  PROTOCOL_VERSION,
  type Round,
} from '../backends/protocol.ts';
import type { OptimizerUse } from '../config/run-config.ts';
import type { OptimizerEnd } from '../log/contract.ts';
import { EvaluationRate } from './evaluation-rate.ts';
import type { Incumbent } from './record.ts';

/** How the manager wants an optimizer to end, and why. */
export interface EndWish {
  readonly status: OptimizerEnd['status'];
  readonly reason: string;
}

/** An optimizer that holds slots: from its start until its host is gone. */
export class LiveOptimizer {
  readonly id: number;
  readonly use: OptimizerUse;
  readonly rebuilds: number;
  /** Whether it goes on from an earlier session of the run. */
  readonly isRevived: boolean;
  /** Of its algorithm in the log, and what wrote that. */
  version: { readonly logged: number | null; readonly writtenBy: string } = { logged: null, writtenBy: '' };
  /** It went on from a snapshot that came before the end of the log: credits wait until its next snapshot is in there. */
  isPinning = false;
  /** Its host is gone. */
  isGone = false;
  /** `ready` once its host asked for nothing more to begin; `ended` once its last batch is in the log. */
  phase: 'starting' | 'ready' | 'finishing' | 'ended' = 'starting';
  wish: EndWish | undefined;
  batchSize = 1;
  /** What it was when it began to run, in whichever session: a round depends on nothing that becomes of it. */
  roundSize: number | undefined;
  /** When it was last told all that it has to know; this and the other times are of the clock that never goes backwards. */
  lastToldAt: number;
  /** When its host last said anything. */
  lastHeardAt: number;
  /** It has said that it is choosing points, and not yet that it has. */
  isComputing = false;
  /** Why its host was ended, when the process in which it thinks was gone. */
  brokenBy: string | undefined;
  readyAt: number | undefined;
  endedAt: number = Infinity;
  /** When it was told to give up what it runs. */
  cancelledAt: number = Infinity;
  /** With a cache: the last call that its host was told of, and when. */
  knowsUpTo = 0;
  knowsSince = 0;
  /** The last batch that was taken in, and may not be in the log yet. */
  taken = 0;
  #rate: EvaluationRate | undefined;
  #assignment: HostAssignment | undefined;
  #handle!: HostHandle;
  #granted = 0;
  #revocation = 0;
  #acknowledged = 0;
  #saves = 0;
  #saved = 0;
  #round: Round | undefined;
  #finish: Control['finish'] = 'no';

  /** @param rebuilds how many hosts of it died before */
  constructor(id: number, use: OptimizerUse, now: number, rebuilds = 0, isRevived = false) {
    this.isRevived = isRevived;
    this.id = id;
    this.use = use;
    this.rebuilds = rebuilds;
    this.lastToldAt = now;
    this.lastHeardAt = now;
  }

  /** Whether it may be given credits, and be hunted. */
  get isWorking(): boolean {
    return this.phase === 'ready';
  }

  connect(handle: HostHandle, assignment: Omit<HostAssignment, 'worker'>): void {
    this.#handle = handle;
    this.#assignment = { ...assignment, worker: handle.name };
    this.#assign();
  }

  /** Where it started, a point of the unit box. */
  get start(): Float64Array {
    return this.#assignment!.start;
  }

  /** @param total all credits that it was given so far */
  grant(total: number): void {
    this.#granted = total;
  }

  /** Asks all credits back that are not in use. */
  revoke(): void {
    this.#revocation++;
    this.update();
  }

  /** Asks for a snapshot. */
  save(): void {
    this.#saves++;
    this.update();
  }

  /** Whether a snapshot that was asked for is still on its way. */
  get isSaving(): boolean {
    return this.#saved < this.#saves;
  }

  /**
   * A batch of its is in the log.
   *
   * @param total the last request for a snapshot that was followed
   * @param hasSnapshot whether there was one with it; an optimizer of a plug-in may have none to give
   */
  noteSaved(total: number, hasSnapshot: boolean): void {
    this.#saved = total;
    if (!this.isPinning || !(hasSnapshot || !this.isSaving)) return;
    this.isPinning = false;
    if (this.phase === 'starting') this.phase = 'ready';
  }

  /** The round that its host was told of last; 0: none. */
  get round(): number {
    return this.#round?.number ?? 0;
  }

  /** Lets it begin a round. */
  begin(round: Round): void {
    this.#round = round;
  }

  /** What was taken in is in the log now. */
  acknowledge(): void {
    this.#acknowledged = this.taken;
  }

  /** Takes note of how fast it is. */
  measure(rows: number, now: number): void {
    this.#rate ??= new EvaluationRate(this.readyAt ?? now);
    this.#rate.add(rows, now);
  }

  /** Evaluations a second, of late. */
  get rate(): number {
    return this.#rate?.perSecond ?? 0;
  }

  /** Asks it to end: gracefully, or giving up what runs. */
  /** Its host has never been ready, and no other was before it. */
  get isNewborn(): boolean {
    return this.phase === 'starting' && !this.isRevived && this.rebuilds === 0;
  }

  finish(how: 'drain' | 'cancel', wish: EndWish, now: number): void {
    if (this.phase === 'ended') return;
    if (how === 'cancel') this.cancelledAt = Math.min(this.cancelledAt, now);
    this.phase = 'finishing';
    this.wish ??= wish;
    if (this.#finish !== 'cancel') this.#finish = how;
    this.update();
  }

  inject({ callId, x, fx }: Incumbent): void {
    this.#handle.send({ type: 'inject', callId, x, fx });
  }

  /** Tells the host what others evaluated. */
  learn(rows: KnownRows): void {
    this.#handle.send({ type: 'known', rows });
  }

  /** Tells the host all that it has to know; harmless when it knows it already. */
  update(): void {
    this.#handle.send({
      type: 'control',
      granted: this.#granted,
      revocation: this.#revocation,
      acknowledged: this.#acknowledged,
      finish: this.#finish,
      save: this.#saves,
      ...(this.#round ? { round: this.#round } : {}),
    });
  }

  /** The same again, in case that a message was lost. */
  repeat(): void {
    if (this.phase === 'starting') this.#assign();
    this.update();
  }

  #assign(): void {
    if (this.#assignment)
      this.#handle.send({ type: 'assign', protocol: PROTOCOL_VERSION, assignment: this.#assignment });
  }

  /** @param wish what it has ended by then; it has not when not given */
  terminate(wish?: EndWish): void {
    this.wish ??= wish;
    this.#handle.terminate();
  }
}
