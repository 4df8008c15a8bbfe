import { CodedError } from '../../core/errors.ts';
import { systemClock } from '../../core/clock.ts';
import { Custody, type CustodyTicket } from '../../processes/custody.ts';
import { type NodeChild, spawnNode } from '../../processes/spawn-node.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import { entryUrl } from '../../core/places.ts';
import type { OutputSink } from '../hosts/output.ts';
import { WorkerLostError } from '../pool/contract.ts';
import { Crew } from '../pool/crew.ts';
import type { Member, MemberListener } from '../pool/member.ts';
import type { EvaluationReply } from './chunk.ts';
import type { Job } from './contract.ts';
import type { ProcessChunk, ProcessWorkerMessage, ProcessWorkerStart } from './process-worker-entry.ts';

/**
 * Evaluates chunks in child processes.
 *
 * @param contextOf of whom the next chunk is, where that is not always the same
 */
export async function processCrew(
  start: ProcessWorkerStart,
  workers: number,
  print: OutputSink,
  ticket: CustodyTicket | undefined,
  contextOf: () => ContextSetup = () => start.context,
): Promise<Crew<Job, EvaluationReply>> {
  const custody = ticket && Custody.fromTicket(ticket);
  const crew = new Crew<Job, EvaluationReply>(
    (listener) => new ProcessMember({ start, contextOf, custody, print }, listener),
  );
  await crew.start(workers);
  return crew;
}

interface ProcessSetup {
  readonly start: ProcessWorkerStart;
  readonly contextOf: () => ContextSetup;
  readonly custody: Custody | undefined;
  readonly print: OutputSink;
}

class ProcessMember implements Member<Job> {
  readonly #process: NodeChild;
  readonly #listener: MemberListener<EvaluationReply>;
  readonly #size: number;
  #replied = 0;
  #busySince: number | undefined;

  readonly #contextOf: () => ContextSetup;
  /** The one that it knows. */
  #context: ContextSetup;

  constructor({ start, contextOf, custody, print }: ProcessSetup, listener: MemberListener<EvaluationReply>) {
    const { names } = start.context;
    this.#contextOf = contextOf;
    this.#context = start.context;
    this.#listener = listener;
    this.#size = names.length;
    this.#process = spawnNode(
      entryUrl('backends/evaluators/process-worker-entry.ts'),
      {
        message: (message) => {
          this.#receive(message as ProcessWorkerMessage);
        },
        output: (stream, chunk) => {
          print(this.#context.optimizerId, stream, chunk);
        },
        exit: (cause) => {
          // Replies to quick jobs that it had gathered are lost with it.
          listener.gone(new WorkerLostError(cause, false));
        },
      },
      { custody },
    );
    this.#process.send(start);
  }

  take(jobs: readonly Job[]): void {
    this.#replied = 0;
    this.#busySince = systemClock.now();
    const ids = new Float64Array(jobs.length);
    const x = new Float64Array(jobs.length * this.#size);
    const cutoffs = new Float64Array(jobs.length);
    for (const [row, job] of jobs.entries()) {
      ids[row] = job.candidateId;
      x.set(job.x, row * this.#size);
      cutoffs[row] = job.cutoff ?? Infinity;
    }
    const next = this.#contextOf();
    const context = next === this.#context ? undefined : next;
    this.#context = next;
    this.#process.send({ kind: 'chunk', context, ids, x, cutoffs } satisfies ProcessChunk);
  }

  busySince(): number | undefined {
    return this.#busySince;
  }

  end(): Promise<void> {
    this.#process.kill();
    return this.#process.exited;
  }

  #receive(message: ProcessWorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#listener.ready();
        break;
      case 'load-failed':
        this.#listener.unfit(new CodedError('task-load-failed', message.error));
        break;
      case 'replies': {
        const specials = new Map(message.specials);
        const worker = `process ${this.#process.pid}`;
        for (const [i, fx] of message.fx.entries()) {
          const startedAt = message.startedAt[i]!;
          const durationMs = message.durationMs[i]!;
          this.#busySince = startedAt + durationMs;
          const outcome = specials.get(this.#replied++) ?? { status: 'ok', fx };
          this.#listener.replied({ outcome, startedAt, durationMs, worker });
        }
      }
    }
  }
}
