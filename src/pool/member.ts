import { systemClock } from '../core/clock.ts';
import { WorkerLostError } from '../backends/pool/contract.ts';
import type { Member, MemberListener } from '../backends/pool/member.ts';
import type { Call, FunctionSpec, Reply } from './contract.ts';
import { KnownFunctions } from './known-functions.ts';
import { chunkMessage, eachReply, type FromWorker, type ToWorker, type WorkerContext } from './messages.ts';
import { initializerFault } from './unusable.ts';

/** A thread or a process, as the pool sees it. */
export interface Channel {
  /** @param moved memory in it that is handed over, where that can be */
  send(message: ToWorker, moved: readonly ArrayBuffer[]): void;
  /**
   * Ends it, whatever it does. Resolves when nothing of it is left.
   *
   * @param isIdle whether it does nothing, as far as is known, and would end by itself when told to
   */
  end(isIdle: boolean): Promise<void>;
}

/** What a channel tells. */
export interface ChannelListener {
  message(message: FromWorker): void;
  /** Once, when it is gone; all that it sent was passed on before. */
  gone(lost: WorkerLostError): void;
}

/** A worker died before it had the function that it was to call. */
export class LostWhileLoadingError extends WorkerLostError {
  constructor(message: string) {
    super(message, true);
  }
}

/** A worker that calls functions, whatever it is. */
export class CallMember implements Member<Call> {
  readonly #listener: MemberListener<Reply>;
  readonly #channel: Channel;
  readonly #known = new KnownFunctions();
  #isLoading = false;
  /** To what it owes an answer: its start, then calls. */
  #open = 1;
  #busySince: number | undefined;

  constructor(
    open: (listener: ChannelListener) => Channel,
    initializer: FunctionSpec | undefined,
    context: WorkerContext,
    listener: MemberListener<Reply>,
  ) {
    this.#listener = listener;
    this.#channel = open({
      message: (message) => {
        this.#receive(message);
      },
      gone: (lost) => {
        listener.gone(
          this.#isLoading ? new LostWhileLoadingError(`while it loaded the function ${lost.message}`) : lost,
        );
      },
    });
    this.#channel.send({ kind: 'start', initializer, context }, []);
  }

  /** The calls of a chunk are of one map, and so of one function. */
  take(calls: readonly Call[]): void {
    const { f } = calls[0]!;
    this.#open = calls.length;
    const isKnown = this.#known.has(f.id);
    const isFresh = !isKnown && this.#known.isFull;
    if (isFresh) this.#known.clear();
    if (!isKnown) this.#known.add(f);
    this.#isLoading = !isKnown;
    this.#busySince = isKnown ? systemClock.now() : undefined;
    this.#channel.send(
      chunkMessage(calls, { isKnown, isFresh }),
      calls.flatMap(({ moved }) => moved),
    );
  }

  busySince(): number | undefined {
    return this.#busySince;
  }

  async end(): Promise<void> {
    await this.#channel.end(this.#open === 0);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#open = 0;
        this.#listener.ready();
        break;
      case 'unfit':
        this.#open = 0;
        this.#listener.unfit(initializerFault(message.message));
        break;
      case 'began':
        this.#isLoading = false;
        this.#busySince = systemClock.now();
        break;
      case 'replies':
        this.#busySince = systemClock.now();
        eachReply(message, (reply) => {
          this.#open--;
          this.#listener.replied(reply);
        });
    }
  }
}
