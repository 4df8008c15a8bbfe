import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { CodedError, messageOf } from '../../core/errors.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import { entryUrl } from '../../core/places.ts';
import { WorkerLostError } from '../pool/contract.ts';
import { Crew } from '../pool/crew.ts';
import type { Member, MemberListener } from '../pool/member.ts';
import { ChunkColumns, type EvaluationReply } from './chunk.ts';
import type { Job } from './contract.ts';
import type { ThreadRequest, ThreadWorkerData, ThreadWorkerMessage } from './thread-worker.ts';

type Threads = Piscina<MessagePort, never>;

/**
 * Evaluates chunks in threads of this process. Piscina starts, ends and replaces them.
 *
 * @param contextOf of whom the next chunk is, where that is not always the same
 */
export async function threadCrew(
  workerData: ThreadWorkerData,
  workers: number,
  contextOf: () => ContextSetup = () => workerData.context,
): Promise<Crew<Job, EvaluationReply>> {
  const threads: Threads = new Piscina({
    filename: entryUrl('backends/evaluators/thread-worker.ts').href,
    minThreads: workers,
    maxThreads: workers,
    // Each thread has one task that never ends, see `serve`: it must not sleep between tasks.
    atomics: 'disabled',
    workerData,
  });
  // A thread that dies is replaced by the pool, and fails the task that it served, which tells.
  threads.on('error', () => {});
  const { context } = workerData;
  const crew = new Crew<Job, EvaluationReply>(
    (listener) => new ThreadMember({ threads, context, contextOf }, listener),
    {
      close: () => threads.destroy(),
    },
  );
  await crew.start(workers);
  return crew;
}

interface ThreadSetup {
  readonly threads: Threads;
  readonly context: ContextSetup;
  readonly contextOf: () => ContextSetup;
}

/** One thread of the pool, held by a task that serves a port. */
class ThreadMember implements Member<Job> {
  readonly #port: MessagePort;
  readonly #size: number;
  readonly #contextOf: () => ContextSetup;
  /** The one that it knows. */
  #context: ContextSetup;
  readonly #listener: MemberListener<EvaluationReply>;
  readonly #abort = new AbortController();
  readonly #ended: Promise<void>;
  #name = 'a thread that died';
  #memory = new SharedArrayBuffer(0);
  #columns: ChunkColumns | undefined;
  /** Rows of the chunk that it is at. */
  #rows = 0;

  constructor({ threads, context, contextOf }: ThreadSetup, listener: MemberListener<EvaluationReply>) {
    this.#size = context.names.length;
    this.#context = context;
    this.#contextOf = contextOf;
    this.#listener = listener;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on('message', (message: ThreadWorkerMessage) => {
      this.#receive(message);
    });
    this.#ended = threads
      .run(port2, { transferList: [port2], signal: this.#abort.signal })
      .catch((error: unknown) => {
        this.#lost(messageOf(error));
      });
  }

  take(jobs: readonly Job[]): void {
    this.#rows = jobs.length;
    const bytes = ChunkColumns.bytes(jobs.length, this.#size);
    if (bytes > this.#memory.byteLength) {
      this.#memory = new SharedArrayBuffer(2 * bytes);
      this.#columns = undefined;
      this.#send(this.#memory);
    }
    if (this.#columns?.count !== jobs.length)
      this.#columns = new ChunkColumns(this.#memory, jobs.length, this.#size);
    this.#columns.write(jobs);
    const next = this.#contextOf();
    if (next !== this.#context) this.#send(next);
    this.#context = next;
    this.#send(jobs.length);
  }

  busySince(): number | undefined {
    return this.#columns?.busySince;
  }

  end(): Promise<void> {
    this.#abort.abort();
    return this.#ended;
  }

  #send(request: ThreadRequest): void {
    this.#port.postMessage(request);
  }

  #receive(message: ThreadWorkerMessage): void {
    if (!('kind' in message)) this.#reply(new Map(message));
    else if (message.kind === 'load-failed')
      this.#listener.unfit(new CodedError('task-load-failed', message.error));
    else {
      this.#name = message.worker;
      this.#listener.ready();
    }
  }

  /** Passes on what the shared memory holds, up to the first row that is not known. */
  #reply(specials: ReadonlyMap<number, EvaluationReply['outcome']>): number {
    const rows = this.#rows;
    this.#rows = 0;
    for (let row = 0; row < rows; row++) {
      const reply = this.#columns?.reply(row, this.#name, specials);
      if (!reply) return row;
      this.#listener.replied(reply);
    }
    return rows;
  }

  #lost(cause: string): void {
    // What it said last may not have been read yet.
    for (let last = receiveMessageOnPort(this.#port); last; last = receiveMessageOnPort(this.#port))
      this.#receive(last.message as ThreadWorkerMessage);
    this.#port.close();
    const row = this.#reply(new Map());
    // The outcome that is more than a number and did not arrive is lost with its thread, and is evaluated again with the rest.
    const isExact = this.#columns !== undefined && row < this.#columns.count && this.#columns.isPending(row);
    this.#listener.gone(new WorkerLostError(`its thread died: ${cause}`, isExact));
  }
}
