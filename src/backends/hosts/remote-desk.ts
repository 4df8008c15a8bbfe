import type { JobDesk, JobOptions } from '../cluster/contract.ts';
import { WorkerLostError } from '../pool/contract.ts';
import type { JobReport, JobRequest } from './desk-messages.ts';

interface Waiting {
  readonly onBegun: ((worker: string) => void) | undefined;
  readonly done: (answer: Uint8Array) => void;
  readonly lost: (error: WorkerLostError) => void;
}

/** A desk at the host's end of its channel: what is handed in there goes to the manager's desk. */
export class RemoteDesk implements JobDesk {
  readonly #send: (request: JobRequest) => void;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor(send: (request: JobRequest) => void) {
    this.#send = send;
  }

  async run(
    payload: Uint8Array,
    signal: AbortSignal,
    { onBegun, units, priority }: JobOptions = {},
  ): Promise<Uint8Array> {
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const withdraw = (): void => {
      this.#send({ type: 'job-withdrawn', id });
      // What it was at is not known here: whoever gave it up knows why.
      reject(new WorkerLostError('it was withdrawn', false));
    };
    this.#waiting.set(id, { onBegun, done: resolve, lost: reject });
    signal.addEventListener('abort', withdraw, { once: true });
    this.#send({ type: 'job', id, payload, units, priority });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', withdraw);
      this.#waiting.delete(id);
    }
  }

  /** Takes what the manager tells. What it tells of jobs that nobody waits for any more is of no interest. */
  receive(report: JobReport): void {
    const waiting = this.#waiting.get(report.id);
    if (report.type === 'job-begun') waiting?.onBegun?.(report.worker);
    else if (report.type === 'job-done') waiting?.done(report.answer);
    else waiting?.lost(new WorkerLostError(report.cause, report.isExact, report.isBlameless));
  }

  /** Whoever has used it has withdrawn what was not done. */
  [Symbol.dispose](): void {}
}
