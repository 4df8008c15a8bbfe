import { WorkerLostError } from '../pool/contract.ts';
import type { JobOptions } from './contract.ts';
import { Job, withdrawn } from './job.ts';
import { MOST_DELIVERIES } from './job-stream.ts';
import type { ResultAddress } from './names.ts';
import type { HandBack } from './talk.ts';
import { Turns } from './turns.ts';

/**
 * A worker that is gone may leave requests for jobs in the engine, which gives a job to one of them after the other: that the engine gave up
 * says nothing of the job. After so many times it does: its workers die before they can say that they began.
 */
const MOST_ROUNDS = 5;
/** When all workers that are there have tried, and are fewer than three. */
const MOST_FAULTS = 5;

/** What follows from what happened to jobs. */
export interface BookEffects {
  /** A job may go into the engine. */
  send(job: Job): void;
  /** It is not to be given to anybody any more, if it is in the engine still. */
  remove(seq: number): void;
  /** Whoever is at it need not go on. */
  cancel(job: Job): void;
  redelivered(jobs: number): void;
}

/**
 * All jobs that have no answer yet: which wait for their turn, which are in the engine, and who is at them. It decides, and others act: it
 * knows no connection.
 */
export class JobBook {
  readonly #effects: BookEffects;
  readonly #jobs = new Map<number, Job>();
  readonly #waiting = new Turns<Job>();
  /** In the engine, or on the way there, or with a worker that has it from an engine that is no more. */
  readonly #out = new Map<number, Job>();
  /** Of those that are in the engine, by their number there. */
  readonly #bySeq = new Map<number, Job>();
  /** Which jobs each worker says to be at. */
  readonly #byWorker = new Map<string, Set<Job>>();
  #last = 0;
  #room = 0;
  #isOpen = false;
  #closedBy: WorkerLostError | undefined;
  redelivered = 0;
  duplicates = 0;

  constructor(effects: BookEffects) {
    this.#effects = effects;
  }

  /** What has to be in the engine, by its number there. */
  get inside(): ReadonlyMap<number, Job> {
    return this.#bySeq;
  }

  /** A new one waits for its turn. */
  add(owner: object, payload: Uint8Array, options: JobOptions = {}): Job {
    const job = new Job(++this.#last, owner, payload, options);
    if (this.#closedBy) {
      job.reject(this.#closedBy);
      return job;
    }
    this.#jobs.set(job.id, job);
    this.#waiting.add(owner, job.priority, job);
    this.#fill();
    return job;
  }

  withdraw(job: Job): void {
    if (job.isSettled) return;
    const isOut = this.#out.has(job.id);
    this.#close(job);
    if (isOut) this.#effects.cancel(job);
    if (job.seq !== undefined) this.#effects.remove(job.seq);
    job.reject(withdrawn(job.hasBegun));
    this.#fill();
  }

  /** How many may be in the engine at once, and whether it is there to take any. */
  limit(room: number, isOpen: boolean): void {
    this.#room = room;
    this.#isOpen = isOpen;
    this.#fill();
  }

  /** It is in the engine now. */
  sent(job: Job, seq: number): void {
    if (!job.isSettled) {
      job.seq = seq;
      this.#bySeq.set(seq, job);
    } else if (!job.isAnswered) this.#effects.remove(seq);
  }

  /** A worker is at these jobs. @returns those that nobody waits for */
  atWork(worker: string, jobs: readonly (readonly [job: number, delivery: number])[]): number[] {
    const unwanted: number[] = [];
    const now = new Set<Job>();
    for (const [id, delivery] of jobs) {
      const job = this.#jobs.get(id);
      if (job) {
        now.add(job);
        this.#begin(job, worker, delivery);
      } else unwanted.push(id);
    }
    const before = this.#byWorker.get(worker);
    this.#byWorker.set(worker, now);
    for (const job of before ?? []) if (!now.has(job) && job.at.delete(worker)) this.#sendIfNobodyHas(job);
    return unwanted;
  }

  /** @returns how many pieces of work are done by that; none when nobody waited for it */
  answered({ job: id, delivery, worker }: ResultAddress, answer: Uint8Array): number {
    const job = this.#jobs.get(id);
    if (!job) {
      this.duplicates++;
      return 0;
    }
    const isThere = this.#byWorker.has(worker);
    this.#begin(job, worker, delivery);
    const others = job.at.size > 1;
    this.#close(job);
    // One that is lost may have the last word, and is not there for that.
    if (!isThere) this.#byWorker.delete(worker);
    // The one that answered acknowledges what it had; another one may have the job, too, or be about to get it.
    if (others) this.#effects.cancel(job);
    if ((job.sendings > 1 || job.isGivenUp) && job.seq !== undefined) this.#effects.remove(job.seq);
    job.resolve(answer);
    this.#fill();
    return job.units;
  }

  handedBack({ id: worker, job: id, fault, isHopeless = false }: HandBack): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    job.at.delete(worker);
    this.#byWorker.get(worker)?.delete(job);
    if (fault !== undefined) job.faults.set(worker, (job.faults.get(worker) ?? 0) + 1);
    const failed = isHopeless ? 'a worker' : this.#whoFailedAt(job);
    if (failed !== undefined)
      this.#fail(job, new WorkerLostError(`${failed} could not do it: ${fault}`, false));
    else if (job.at.size === 0) this.#sendAgain(job);
  }

  /** A worker that fails at everything is at the next job sooner than all others, and says little about that. */
  #whoFailedAt({ faults }: Job): string | undefined {
    if (faults.size >= MOST_DELIVERIES) return 'three workers';
    const times = [...faults.values()].reduce((sum, count) => sum + count, 0);
    if (times < MOST_FAULTS) return undefined;
    for (const worker of this.#byWorker.keys()) if (!faults.has(worker)) return undefined;
    return `all workers that were there, in ${times} attempts,`;
  }

  /** A worker is not there any more: it said that it goes, or it is lost, and its jobs with it. */
  workerGone(worker: string, isLost: boolean): void {
    const jobs = this.#byWorker.get(worker);
    this.#byWorker.delete(worker);
    for (const job of jobs ?? []) {
      if (!job.at.delete(worker)) continue;
      if (isLost) job.diedUnder.add(worker);
      if (job.diedUnder.size >= MOST_DELIVERIES) this.#failAsLost(job);
      else this.#sendIfNobodyHas(job);
    }
  }

  /** The engine gives a job to nobody any more: those that had it did not say in time that they are still at it. */
  gaveUp(seq: number): void {
    const job = this.#bySeq.get(seq);
    if (!job) return;
    job.isGivenUp = true;
    if (job.at.size > 0) return;
    if (job.diedUnder.size < MOST_DELIVERIES && ++job.rounds < MOST_ROUNDS) this.#sendAgain(job);
    else this.#failAsLost(job);
  }

  /** The engine may have given up on what it had given away, up to a number, and nobody was there to hear of it. */
  doubt(seq: number): void {
    for (const [each, job] of this.#bySeq) if (each <= seq) job.isGivenUp = true;
  }

  /** What is in doubt, and nobody has said until now to be at it, goes in once more. */
  sendDoubted(): void {
    for (const job of this.#bySeq.values()) if (job.isGivenUp) this.#sendIfNobodyHas(job);
  }

  /** There is a new, empty engine. What a worker is at goes on; all else goes in again. */
  restart(): void {
    this.#bySeq.clear();
    for (const job of this.#out.values()) {
      job.seq = undefined;
      job.isGivenUp = false;
      if (job.at.size === 0) this.#toTurn(job);
    }
    this.#fill();
  }

  /** Nobody waits for anything any more. */
  close(lost: WorkerLostError): void {
    this.#closedBy = lost;
    for (const job of this.#jobs.values()) {
      this.#close(job);
      job.reject(lost);
    }
  }

  #begin(job: Job, worker: string, delivery: number): void {
    let jobs = this.#byWorker.get(worker);
    if (!jobs) this.#byWorker.set(worker, (jobs = new Set()));
    jobs.add(job);
    // One that was only not heard of for a while goes on with what it had.
    const isAgain = (job.hasBegun || delivery > 1) && !job.diedUnder.has(worker);
    if (job.begin(worker) && isAgain) {
      this.redelivered++;
      this.#effects.redelivered(1);
    }
  }

  #failAsLost(job: Job): void {
    const why =
      job.diedUnder.size >= MOST_DELIVERIES
        ? 'three workers died under it'
        : `it was given to workers ${MOST_ROUNDS * MOST_DELIVERIES} times, and none said that it began`;
    this.#fail(job, new WorkerLostError(why, false));
  }

  #fail(job: Job, lost: WorkerLostError): void {
    this.#close(job);
    if (job.seq !== undefined) this.#effects.remove(job.seq);
    job.reject(lost);
    this.#fill();
  }

  /** A job that is in the engine comes to another worker by itself, unless the engine gave up on it. */
  #sendIfNobodyHas(job: Job): void {
    const isStuck = job.seq === undefined || job.isGivenUp;
    if (!job.isSettled && job.at.size === 0 && isStuck && this.#out.has(job.id)) this.#sendAgain(job);
  }

  #sendAgain(job: Job): void {
    if (job.seq !== undefined) {
      this.#effects.remove(job.seq);
      this.#bySeq.delete(job.seq);
      job.seq = undefined;
    }
    job.isGivenUp = false;
    this.#toTurn(job);
    this.#fill();
  }

  #toTurn(job: Job): void {
    if (this.#out.delete(job.id)) this.#waiting.addAgain(job);
  }

  #fill(): void {
    while (this.#isOpen && this.#out.size < this.#room) {
      const job = this.#waiting.take();
      if (!job) return;
      job.sendings++;
      this.#out.set(job.id, job);
      this.#effects.send(job);
    }
  }

  #close(job: Job): void {
    this.#jobs.delete(job.id);
    this.#out.delete(job.id);
    this.#waiting.remove(job.owner, job.priority, job);
    if (job.seq !== undefined) this.#bySeq.delete(job.seq);
    for (const worker of job.at) this.#byWorker.get(worker)?.delete(job);
  }
}
