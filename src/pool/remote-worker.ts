import { startAgent } from '../backends/cluster/agent.ts';
import type { Agent, AgentOptions } from '../backends/cluster/contract.ts';
import { TookTooLongError, WorkerLostError } from '../backends/pool/contract.ts';
import { limitTime } from '../backends/pool/time-limit.ts';
import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Reply } from './contract.ts';
import { type PoolCrew, startCrew } from './crew.ts';
import { Replies, type WorkerContext } from './messages.ts';
import { decodeChunk, encodeAnswer } from './parcels.ts';
import { workerSeed } from './seeds.ts';
import { newCandidate, type PoolTerms, readTerms, workerNumber } from './terms.ts';

export interface RemoteWorkerOptions {
  readonly connection: AgentOptions['connection'];
  /** How many calls, or chunks of them, it does side by side, each in a process of its own. */
  readonly slots: number;
  readonly lingerSeconds?: number;
  readonly onMessage: (message: string) => void;
}

/** The end of a pool at which its calls are done. */
export interface RemoteWorker extends AsyncDisposable {
  readonly ended: Agent['ended'];
  /** Whether it found its pool. */
  readonly wasWelcome: boolean;
}

/**
 * Starts to do the calls of a pool that is elsewhere, in processes: whatever a call does there, this one goes on to be heard of. Disposing
 * hands back what it is at, and ends the processes with all that they have started.
 */
export function startRemoteWorker(options: RemoteWorkerOptions): RemoteWorker {
  const { connection, slots, lingerSeconds, onMessage } = options;
  const bench = new Bench(slots);
  const agent = startAgent({
    connection,
    slots,
    facts: newCandidate(slots),
    onWelcome: (welcome) => bench.open(welcome),
    perform: (payload, _, signal) => bench.perform(payload, signal),
    lingerSeconds,
    onMessage,
  });
  return {
    ended: agent.ended,
    get wasWelcome() {
      return bench.isWelcome;
    },
    [Symbol.asyncDispose]: async () => {
      agent.drain(0);
      await agent.ended.catch(() => {});
      await bench[Symbol.asyncDispose]();
    },
  };
}

/** The processes in which a worker does its calls. They are there when the pool has said what they need. */
class Bench implements AsyncDisposable {
  readonly #slots: number;
  readonly #closing = new AbortController();
  #starting: Promise<PoolCrew | undefined> | undefined;
  #crew: PoolCrew | undefined;
  /** Why there are none. */
  #fault = 'its worker was not told of the pool';

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Whether its pool is known. */
  get isWelcome(): boolean {
    return this.#starting !== undefined;
  }

  async open(welcome: JsonObject): Promise<void> {
    this.#crew = await (this.#starting ??= this.#start(readTerms(welcome)));
  }

  /** What goes wrong here is told to those who want calls done: the pool is where somebody looks. */
  async #start(terms: PoolTerms): Promise<PoolCrew | undefined> {
    const { initializer, maxTasksPerWorker, seed } = terms;
    const contextOf = (started: number): WorkerContext => {
      const worker = workerNumber(terms, this.#slots, started);
      return { worker, seed: workerSeed(seed, worker) };
    };
    try {
      return await startCrew({
        backend: 'processes',
        workers: this.#slots,
        initializer,
        maxTasksPerWorker,
        contextOf,
        signal: this.#closing.signal,
      });
    } catch (error) {
      this.#fault = messageOf(error);
      return undefined;
    }
  }

  async perform(payload: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { calls, timeoutMs } = decodeChunk(payload);
    const executor = this.#crew?.open(Infinity);
    const replies = new Replies();
    if (!executor) return refusal(replies, calls.length, this.#fault);
    const over = new AbortController();
    const busySince = (): number | undefined => executor.busySince(calls);
    const unlimit = limitTime({ timeoutMs, clock: systemClock, busySince }, () => {
      over.abort();
    });
    let replied = 0;
    try {
      const add = (_: number, reply: Reply): void => {
        replied++;
        replies.add(reply);
      };
      await executor.run(calls, add, AbortSignal.any([signal, over.signal]));
      return encodeAnswer(replies);
    } catch (error) {
      // No process could be started any more.
      if (!(error instanceof WorkerLostError))
        return refusal(replies, calls.length - replied, messageOf(error));
      const { message, isExact } = error;
      return encodeAnswer(replies, over.signal.aborted ? new TookTooLongError(message, isExact) : error);
    } finally {
      unlimit();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('its worker was ended'));
    const crew = await this.#starting;
    await crew?.[Symbol.asyncDispose]();
  }
}

/** No call can be done here, and is told so in the place of a reply, after those that there are. */
function refusal(replies: Replies, count: number, message: string): Uint8Array {
  for (let i = 0; i < count; i++) replies.add({ kind: 'unloadable', message, durationMs: 0 });
  return encodeAnswer(replies);
}
