import { systemClock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import type { WorkerLostError } from '../backends/pool/contract.ts';
import type { Member, MemberListener } from '../backends/pool/crew.ts';
import type { Call, FunctionSpec, Reply } from './contract.ts';
import type { FromWorker, ToWorker } from './serve.ts';

/** A worker keeps so many functions; of those that were sent as text, each is other code to be compiled. */
const MOST_FUNCTIONS = 100;

/** A thread or a process, as the pool sees it. */
export interface Channel {
  send(message: ToWorker): void;
  /** Ends it, whatever it does. Resolves when nothing of it is left. */
  end(): Promise<void>;
}

/** What a channel tells. */
export interface ChannelListener {
  message(message: FromWorker): void;
  /** Once, when it is gone; all that it sent was passed on before. */
  gone(lost: WorkerLostError): void;
}

/** A worker that calls functions, whatever it is. */
export class CallMember implements Member<Call> {
  readonly #listener: MemberListener<Reply>;
  readonly #channel: Channel;
  /** Functions that it has. */
  readonly #known = new Set<number>();
  #busySince: number | undefined;

  constructor(
    open: (listener: ChannelListener) => Channel,
    initializer: FunctionSpec | undefined,
    listener: MemberListener<Reply>,
  ) {
    this.#listener = listener;
    this.#channel = open({
      message: (message) => {
        this.#receive(message);
      },
      gone: (lost) => {
        listener.gone(lost);
      },
    });
    this.#channel.send({ kind: 'start', initializer });
  }

  /** The calls of a chunk are of one map, and so of one function. */
  take(calls: readonly Call[]): void {
    const { id, spec } = calls[0]!.f;
    const isFresh = this.#known.size >= MOST_FUNCTIONS && !this.#known.has(id);
    if (isFresh) this.#known.clear();
    const isNew = !this.#known.has(id);
    this.#known.add(id);
    this.#busySince = undefined;
    this.#channel.send({
      kind: 'chunk',
      id,
      spec: isNew ? spec : undefined,
      isFresh,
      calls: calls.map(({ index, args, seed }) => ({ index, args, seed })),
    });
  }

  busySince(): number | undefined {
    return this.#busySince;
  }

  async end(): Promise<void> {
    await this.#channel.end();
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#listener.ready();
        break;
      case 'unfit':
        this.#listener.unfit(
          new CodedError('function-unusable', `the initializer of the pool failed: ${message.message}`),
        );
        break;
      case 'began':
        this.#busySince = systemClock.now();
        break;
      case 'replies':
        this.#busySince = systemClock.now();
        for (const reply of message.replies) this.#listener.replied(reply);
    }
  }
}
