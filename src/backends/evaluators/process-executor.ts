import { CodedError } from '../../core/errors.ts';
import { Custody, type CustodyTicket } from '../../processes/custody.ts';
import { type NodeChild, spawnNode } from '../../processes/spawn-node.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import type { TaskSpec } from '../../tasks/contract.ts';
import { entryUrl } from '../entry-url.ts';
import type { OutputSink } from '../hosts/output.ts';
import { type Executor, WorkerLostError } from '../pool/contract.ts';
import { ChunkColumns, type EvaluationReply } from './chunk.ts';
import type { Job } from './contract.ts';
import type { ProcessWorkerMessage, ProcessWorkerStart } from './process-worker-entry.ts';

/** A chunk that a child is at. */
interface Running {
  readonly jobs: readonly Job[];
  onReply(index: number, reply: EvaluationReply): void;
  replied: number;
  busySince: number | undefined;
  end(error?: Error): void;
}

interface Child {
  readonly process: NodeChild;
  isReady: boolean;
  running: Running | undefined;
}

/** So many children that die before they are ready, one after the other, will not become ready. */
const MOST_FAILED_STARTS = 5;

/** Evaluates chunks in child processes, which are started side by side and replaced when they die. */
export class ProcessExecutor implements Executor<Job, EvaluationReply> {
  readonly #start: ProcessWorkerStart;
  readonly #custody: Custody | undefined;
  readonly #print: (stream: 'out' | 'err', chunk: Uint8Array) => void;
  readonly #children = new Set<Child>();
  readonly #waiting: { readonly take: (child: Child) => void; readonly fail: (error: Error) => void }[] = [];
  #failedStarts = 0;
  #loadError: Error | undefined;
  #isClosed = false;

  private constructor(
    start: ProcessWorkerStart,
    custody: Custody | undefined,
    print: (stream: 'out' | 'err', chunk: Uint8Array) => void,
  ) {
    this.#start = start;
    this.#custody = custody;
    this.#print = print;
  }

  /** Starts all children at once, and waits until one of them has loaded the task. */
  static async start(
    task: TaskSpec,
    context: ContextSetup,
    workers: number,
    print: OutputSink,
    ticket: CustodyTicket | undefined,
  ): Promise<ProcessExecutor> {
    const custody = ticket && Custody.fromTicket(ticket);
    const start = { kind: 'start', task, context } as const;
    const executor = new ProcessExecutor(start, custody, (stream, chunk) => {
      print(context.optimizerId, stream, chunk);
    });
    for (let i = 0; i < workers; i++) executor.#spawn();
    try {
      executor.#free(await executor.#idle());
    } catch (error) {
      await executor[Symbol.asyncDispose]();
      throw error;
    }
    return executor;
  }

  async run(
    jobs: readonly Job[],
    onReply: (index: number, reply: EvaluationReply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const child = await this.#idle();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const kill = (): void => {
      child.process.kill();
    };
    child.running = {
      jobs,
      onReply,
      replied: 0,
      busySince: undefined,
      end: (error) => {
        if (error) reject(error);
        else resolve();
      },
    };
    if (signal.aborted) kill();
    else signal.addEventListener('abort', kill, { once: true });
    const { ids, x } = ChunkColumns.pack(jobs, this.#start.context.names.length, false);
    child.process.send({ kind: 'chunk', ids, x });
    try {
      await promise;
      this.#free(child);
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  busySince(jobs: readonly Job[]): number | undefined {
    for (const { running } of this.#children) if (running?.jobs === jobs) return running.busySince;
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const children = [...this.#children];
    for (const { process } of children) process.kill();
    await Promise.all(children.map(({ process }) => process.exited));
  }

  /** The next child that is ready and has nothing to do. */
  #idle(): Promise<Child> {
    for (const child of this.#children)
      if (child.isReady && !child.running) {
        child.isReady = false;
        return Promise.resolve(child);
      }
    if (this.#loadError) return Promise.reject(this.#loadError);
    const { promise, resolve, reject } = Promise.withResolvers<Child>();
    this.#waiting.push({ take: resolve, fail: reject });
    return promise;
  }

  #free(child: Child): void {
    child.running = undefined;
    const next = this.#waiting.shift();
    if (next) next.take(child);
    else child.isReady = true;
  }

  #spawn(): void {
    const process = spawnNode(
      entryUrl('./process-worker-entry.ts', import.meta.url),
      {
        message: (message) => {
          this.#receive(child, message as ProcessWorkerMessage);
        },
        output: this.#print,
        exit: (cause) => {
          this.#exited(child, cause);
        },
      },
      { custody: this.#custody },
    );
    const child: Child = { process, isReady: false, running: undefined };
    this.#children.add(child);
    process.send(this.#start);
  }

  #receive(child: Child, message: ProcessWorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#failedStarts = 0;
        this.#free(child);
        break;
      case 'load-failed':
        this.#failWaiting(new CodedError('task-load-failed', message.error));
        break;
      case 'begun':
        if (child.running) child.running.busySince = message.at;
        break;
      case 'replies': {
        const { running } = child;
        if (!running) break;
        const specials = new Map(message.specials);
        const worker = `process ${child.process.pid}`;
        for (let i = 0; i < message.fx.length; i++) {
          const index = running.replied++;
          running.onReply(index, {
            outcome: specials.get(index) ?? { status: 'ok', fx: message.fx[i]! },
            startedAt: message.startedAt[i]!,
            durationMs: message.durationMs[i]!,
            worker,
          });
          running.busySince = message.startedAt[i]! + message.durationMs[i]!;
        }
        if (running.replied === running.jobs.length) running.end();
        break;
      }
    }
  }

  #exited(child: Child, cause: string): void {
    this.#children.delete(child);
    // Replies to quick jobs that it had gathered are lost with it.
    child.running?.end(new WorkerLostError(cause, false));
    if (this.#isClosed) return;
    if (!child.running && !child.isReady) this.#failedStarts++;
    if (this.#failedStarts >= MOST_FAILED_STARTS)
      this.#failWaiting(
        new WorkerLostError(
          `${this.#failedStarts} workers in a row did not start; the last one: ${cause}`,
          false,
        ),
      );
    else this.#spawn();
  }

  #failWaiting(error: Error): void {
    this.#loadError = error;
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}
