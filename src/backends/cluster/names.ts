import { randomBytes } from 'node:crypto';
import { CodedError } from '../../core/errors.ts';

/** The one consumer of a stream of jobs: all workers take from it. */
export const CONSUMER = 'workers';

/** How all that belongs to one run is called in the engine, where other runs may be as well. */
export interface RunNames {
  /** What workers ask the manager. */
  readonly join: string;
  readonly beat: string;
  readonly leave: string;
  readonly back: string;
  /** What the manager tells all workers. */
  readonly cancel: string;
  readonly over: string;
  /** All that a stream of jobs holds. */
  readonly jobs: string;
  /** All answers. */
  readonly results: string;
  job(address: JobAddress): string;
  result(address: ResultAddress): string;
  /** A name that no stream had before: an acknowledgement names its stream and a number in it, and numbers begin at 1 in the next one. */
  newStream(epoch: number): string;
  /** Whether a stream is one of those. */
  isStream(name: string): boolean;
}

/** A job, among those of all sessions of its run. */
export interface JobAddress {
  readonly epoch: number;
  readonly job: number;
}

/** An answer, and where it comes from. */
export interface ResultAddress extends JobAddress {
  /** Which time it was that the engine gave the job to a worker, from 1. */
  readonly delivery: number;
  readonly worker: string;
}

/** @throws {CodedError} `usage` when the id cannot be part of a name */
export function namesOf(runId: string): RunNames {
  if (!/^[\w-]{1,100}$/.test(runId))
    throw new CodedError(
      'usage',
      `the run id ${JSON.stringify(runId)} cannot be part of a name in the engine: use up to 100 letters, digits, - and _`,
    );
  const prefix = `glompo.${runId}`;
  return {
    join: `${prefix}.join`,
    beat: `${prefix}.beat`,
    leave: `${prefix}.leave`,
    back: `${prefix}.back`,
    cancel: `${prefix}.cancel`,
    over: `${prefix}.over`,
    jobs: `${prefix}.job.>`,
    results: `${prefix}.result.>`,
    job: ({ epoch, job }) => `${prefix}.job.${epoch}.${job}`,
    result: ({ epoch, job, delivery, worker }) => `${prefix}.result.${epoch}.${job}.${delivery}.${worker}`,
    newStream: (epoch) => `glompo-${runId}-${epoch}-${randomBytes(6).toString('hex')}`,
    isStream: (name) =>
      name.startsWith(`glompo-${runId}-`) && /^\d+-[0-9a-f]{12}$/.test(name.slice(runId.length + 8)),
  };
}

export function jobOf(subject: string): JobAddress {
  const [, , , epoch, job] = subject.split('.');
  return { epoch: Number(epoch), job: Number(job) };
}

export function resultOf(subject: string): ResultAddress {
  const [, , , epoch, job, delivery, worker = ''] = subject.split('.');
  return { epoch: Number(epoch), job: Number(job), delivery: Number(delivery), worker };
}
