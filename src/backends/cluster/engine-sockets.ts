import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const owner = new AsyncLocalStorage<EngineSockets>();
let isSubscribed = false;

/**
 * The sockets of one connection to the engine. The client leaves one open that waits for the greeting of a server that hangs, when it gives up or is
 * closed; with it, this process would stay for as long as that server hangs.
 */
export class EngineSockets {
  readonly #sockets = new Set<Socket>();

  constructor() {
    if (isSubscribed) return;
    isSubscribed = true;
    subscribe('net.client.socket', (message) => {
      const sockets = owner.getStore();
      if (sockets) sockets.#add((message as { readonly socket: Socket }).socket);
    });
  }

  /** All that is opened by this, now or later, is one of them. */
  run<Result>(open: () => Result): Result {
    return owner.run(this, open);
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #add(socket: Socket): void {
    for (const old of this.#sockets) if (old.destroyed) this.#sockets.delete(old);
    this.#sockets.add(socket);
  }
}
