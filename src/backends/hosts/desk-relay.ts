import { messageOf } from '../../core/errors.ts';
import type { JobDesk, JobOffice } from '../cluster/contract.ts';
import { WorkerLostError } from '../pool/contract.ts';
import type { JobReport, JobRequest } from './desk-messages.ts';

/** The manager's end of a host's jobs: a desk of the office for each host. */
export class DeskRelay implements Disposable {
  readonly #office: JobOffice;
  readonly #send: (report: JobReport) => void;
  readonly #running = new Map<number, AbortController>();
  #desk: JobDesk | undefined;
  #isClosed = false;

  constructor(office: JobOffice, send: (report: JobReport) => void) {
    this.#office = office;
    this.#send = send;
  }

  receive(request: JobRequest): void {
    if (this.#isClosed) return;
    if (request.type === 'job') void this.#run(request);
    else this.#running.get(request.id)?.abort();
  }

  /** The host is gone, or done: what it still wanted is withdrawn. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const abort of this.#running.values()) abort.abort();
    this.#desk?.[Symbol.dispose]();
  }

  async #run({ id, payload, units, priority }: Extract<JobRequest, { type: 'job' }>): Promise<void> {
    const abort = new AbortController();
    this.#running.set(id, abort);
    this.#desk ??= this.#office.open();
    let report: JobReport;
    try {
      const onBegun = (worker: string): void => {
        if (!this.#isClosed) this.#send({ type: 'job-begun', id, worker });
      };
      const answer = await this.#desk.run(payload, abort.signal, { onBegun, units, priority });
      report = { type: 'job-done', id, answer };
    } catch (error) {
      const { isExact, isBlameless } =
        error instanceof WorkerLostError ? error : { isExact: false, isBlameless: false };
      report = { type: 'job-lost', id, cause: messageOf(error), isExact, isBlameless };
    }
    this.#running.delete(id);
    if (!this.#isClosed) this.#send(report);
  }
}
