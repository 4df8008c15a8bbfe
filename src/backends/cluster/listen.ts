import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';

/** Calls for each message. What that throws is thrown outside of the client, which would stop to read, and say nothing. */
export function listen(nats: NatsConnection, subject: string, take: (message: Msg) => void): Subscription {
  return nats.subscribe(subject, {
    callback: (error, message) => {
      if (error) return;
      try {
        take(message);
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    },
  });
}

/** What a message says; nothing when it is not JSON: anybody in the engine may send one. */
export function decode({ data }: Msg): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
