import { CodedError } from '../../core/errors.ts';
import { batchLine, cancelLine, requestLine } from '../../tasks/worker/encode.ts';
import type { WorkerAbilities, WorkerReply, WorkerRequest } from '../../tasks/worker/messages.ts';
import { WorkerLostError } from '../pool/contract.ts';
import type { Member, MemberListener } from '../pool/member.ts';
import type { EvaluationReply } from './chunk.ts';
import type { Job } from './contract.ts';
import { ProgramShift, type ShiftSetup } from './program-shift.ts';
import { GRACE_MS, ProgramTalk, type ProgramWorld, type TalkEnd } from './program-talk.ts';

/** What the workers of one optimizer share. */
export interface ProgramCrewState {
  readonly world: ProgramWorld;
  /** Whom they work for: one optimizer after the other. */
  shifts: Omit<ShiftSetup, 'worker'>;
  /** Whether any of them ever became ready: it can be done, then. */
  wasReady: boolean;
  /** Ends of workers that have been replaced already. */
  readonly leaving: Set<Promise<void>>;
}

/** A program as one of the workers of an optimizer. */
export class ProgramMember implements Member<Job> {
  readonly #crew: ProgramCrewState;
  readonly #listener: MemberListener<EvaluationReply>;
  readonly #talk: ProgramTalk;
  readonly #name: string;
  #abilities: WorkerAbilities | undefined;
  #shift: ProgramShift | undefined;
  /** The chunk that it was at when it broke the protocol. */
  #atFault: ProgramShift | undefined;
  /** Jobs of the chunk that were kept back, since it is to be replaced before. */
  #keptBack = 0;
  #hasReplied = false;
  /** Evaluations that it was asked for. */
  #asked = 0;
  /** What it was told to give up, and has not answered yet. */
  readonly #cancelled = new Set<number>();
  /** What ends the chunk that it was told to give up. */
  #lost: WorkerLostError | undefined;
  #cancelTimer = (): void => {};
  #isGone = false;

  constructor(crew: ProgramCrewState, listener: MemberListener<EvaluationReply>) {
    this.#crew = crew;
    this.#listener = listener;
    this.#talk = new ProgramTalk(crew.world, {
      ready: (abilities) => {
        this.#abilities = abilities;
        crew.wasReady = true;
        listener.ready();
      },
      replies: (replies) => this.#receive(replies),
      goOn: () => {
        this.#goOn();
      },
      failing: () => {
        this.#atFault = this.#shift?.isWaiting ? this.#shift : undefined;
      },
      gone: (end) => {
        this.#gone(end);
      },
    });
    this.#name = `program ${this.#talk.pid ?? 'that did not start'}`;
  }

  take(jobs: readonly Job[]): void {
    const most = this.#crew.world.spec.maxEvaluationsPerWorker ?? Infinity;
    const count = Math.min(jobs.length, most - this.#asked);
    this.#keptBack = jobs.length - count;
    this.#asked += count;
    this.#shift = new ProgramShift(jobs.slice(0, count), { ...this.#crew.shifts, worker: this.#name });
    this.#ask(this.#shift.ask(this.#isBatch ? count : 1));
  }

  busySince(): number | undefined {
    return this.#shift?.heardAt;
  }

  giveUp(): void {
    const shift = this.#shift;
    if (!shift || !this.#abilities?.cancel) {
      void this.end();
      return;
    }
    const { open } = shift;
    this.#shift = undefined;
    for (const id of open) this.#cancelled.add(id);
    this.#talk.send(cancelLine(open));
    this.#lost = new WorkerLostError('it gave up the evaluation', !this.#isBatch);
    this.#cancelTimer = this.#crew.world.clock.after(GRACE_MS, () => {
      this.#talk.kill();
    });
  }

  end(): Promise<void> {
    const isBusy = this.#shift !== undefined || !this.#abilities;
    if (this.#shift && this.#abilities?.cancel) this.#talk.send(cancelLine(this.#shift.open));
    else if (isBusy) this.#talk.kill();
    this.#talk.leave();
    return this.#talk.exited;
  }

  get #isBatch(): boolean {
    return this.#abilities?.batch === true;
  }

  #ask(requests: readonly WorkerRequest[]): void {
    const { optimizerId } = this.#crew.shifts.context;
    const { encoding = 'json' } = this.#abilities ?? {};
    const [only, ...more] = requests;
    if (!only) return;
    const isOne = more.length === 0;
    this.#talk.send(
      isOne ? requestLine(only, optimizerId, encoding) : batchLine(requests, optimizerId, encoding),
    );
  }

  #receive(replies: readonly WorkerReply[]): string | undefined {
    const wanted =
      this.#cancelled.size === 0 ? replies : replies.filter(({ id }) => !this.#cancelled.delete(id));
    if (this.#lost && this.#cancelled.size === 0) this.#release(this.#lost);
    if (wanted.length === 0) return undefined;
    const shift = this.#shift;
    if (!shift) return `it answered evaluation ${wanted[0]!.id}, which it was not at`;
    const fault = shift.receive(wanted, (request) => {
      this.#ask([request]);
    });
    for (let reply = shift.shift(); reply; reply = shift.shift()) {
      // Before the crew hears of the last one, and gives it the next chunk.
      if (shift.isDone && this.#keptBack === 0) this.#shift = undefined;
      this.#hasReplied = true;
      this.#listener.replied(reply);
    }
    return fault;
  }

  #goOn(): void {
    const shift = this.#shift;
    if (!shift || shift.isDone) this.#replaceWhenUsedUp();
    else if (!shift.isWaiting) this.#ask(shift.ask(1));
  }

  #release(lost: WorkerLostError): void {
    this.#lost = undefined;
    this.#cancelTimer();
    this.#listener.released(lost);
  }

  /** Another one starts in its place while it ends. */
  #replaceWhenUsedUp(): void {
    const { spec } = this.#crew.world;
    if (this.#isGone || this.#asked < (spec.maxEvaluationsPerWorker ?? Infinity)) return;
    this.#isGone = true;
    const { leaving } = this.#crew;
    const end = this.#talk.exited;
    leaving.add(end);
    void end.then(() => leaving.delete(end));
    this.#shift = undefined;
    this.#talk.leave();
    this.#listener.gone(new WorkerLostError('it had made maxEvaluationsPerWorker evaluations', false, true));
  }

  #gone({ isFault, cause }: TalkEnd): void {
    this.#cancelTimer();
    if (this.#isGone) return;
    this.#isGone = true;
    if (!this.#abilities && !this.#crew.wasReady) {
      const { label } = this.#crew.world.spec;
      this.#listener.unfit(new CodedError('task-load-failed', `${label} did not get ready: ${cause}`));
    }
    const shift = this.#shift;
    this.#shift = undefined;
    // Where it is not known which it was, each is evaluated alone, which will show it.
    const isCharged = isFault && shift?.isKnown === true && shift === this.#atFault;
    if (isCharged) this.#listener.replied(shift.failed(cause));
    else if (isFault && !this.#atFault)
      this.#crew.world.print(Buffer.from(`glompo: ${this.#name} is replaced: ${cause}\n`));
    // One that never answers costs the evaluation that it was given, whenever it went wrong, or there would be no end of them.
    const isBlameless = isCharged || (isFault && !this.#atFault && this.#hasReplied);
    this.#listener.gone(this.#lost ?? new WorkerLostError(cause, !this.#isBatch, isBlameless));
  }
}
