import type { Consumer, JsMsg } from '@nats-io/jetstream';

/**
 * After so long a request for a job is made anew: what became of the engine is noticed then at the latest, and the engine gives nothing more to
 * a machine that vanished without a word.
 */
const EXPIRES_MS = 5000;

/** Where jobs come from at the moment. */
export interface Source {
  readonly consumer: Consumer;
  /** Aborted when there is another one, or none. */
  readonly signal: AbortSignal;
}

/**
 * Waits for one job, as `Consumer.next` does; but that one cannot be called off, and does not come back while the client tries to connect
 * again.
 *
 * @returns undefined when there was none for a while, or the source is none any more
 */
export async function pull({ consumer, signal }: Source): Promise<JsMsg | undefined> {
  if (signal.aborted) return undefined;
  const messages = await consumer.fetch({ max_messages: 1, expires: EXPIRES_MS });
  const stop = (): void => void messages.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const message of messages) return message;
    return undefined;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Where to acknowledge a message: by its own methods only the connection could do that over which it came, and that may be gone by then.
 * The client has it, although its types do not tell.
 */
export function replyOf(message: JsMsg): string {
  return (message as JsMsg & { readonly reply: string }).reply;
}
