import type { JobDesk } from '../backends/cluster/contract.ts';
import type { Executor } from '../backends/pool/contract.ts';
import { systemClock } from '../core/clock.ts';
import type { Call, Reply } from './contract.ts';
import { encodeChunk, openAnswer } from './parcels.ts';

/** Larger chunks go in parts: many engines take no more than a mebibyte at once, with what is around it. */
const MOST_BYTES = 1_000_000;

/** Has the chunks of one map done on other machines: each is a job. */
export class ClusterExecutor implements Executor<Call, Reply> {
  readonly #desk: JobDesk;
  readonly #timeoutMs: number;
  readonly #since = new Map<readonly Call[], number>();

  /** @param timeoutMs how long one call may take, which the worker sees to */
  constructor(desk: JobDesk, timeoutMs: number) {
    this.#desk = desk;
    this.#timeoutMs = timeoutMs;
  }

  async run(
    calls: readonly Call[],
    onReply: (index: number, reply: Reply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const onBegun = (): void => {
      this.#since.set(calls, systemClock.now());
    };
    const send = async (from: number, to: number): Promise<void> => {
      const payload = encodeChunk(calls.slice(from, to), this.#timeoutMs);
      if (payload.length > MOST_BYTES && to - from > 1) {
        const middle = (from + to) >> 1;
        await send(from, middle);
        await send(middle, to);
        return;
      }
      const answer = await this.#desk.run(payload, signal, { onBegun, units: to - from });
      openAnswer(answer, (row, reply) => {
        onReply(from + row, reply);
      });
    };
    try {
      await send(0, calls.length);
    } finally {
      this.#since.delete(calls);
    }
  }

  busySince(calls: readonly Call[]): number | undefined {
    return this.#since.get(calls);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#desk[Symbol.dispose]();
  }
}
