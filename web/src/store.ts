import { applyFrame, type Picture } from '../../src/views/story/picture.ts';
import type { Frame } from '../../src/views/story/frame.ts';

/** What the page knows. A new object with every change; the picture within it is one that changes. */
export interface Knowledge {
  /** `connecting` at first and when the connection is lost; `gone` when it stays away: the command that served the page has ended. */
  readonly connection: 'connecting' | 'open' | 'gone';
  readonly canSteer: boolean;
  readonly role: 'owner' | 'viewer';
  readonly picture: Picture | undefined;
  /** Why the log cannot be read at the moment. */
  readonly trouble: string | undefined;
}

/** After so many attempts in vain nobody is expected to answer. */
const MOST_ATTEMPTS = 5;

/** Listens to the server, and tells what came of it. */
export class Store {
  #knowledge: Knowledge = {
    connection: 'connecting',
    canSteer: false,
    role: 'viewer',
    picture: undefined,
    trouble: undefined,
  };
  readonly #listeners = new Set<() => void>();
  #attempts = 0;

  get knowledge(): Knowledge {
    return this.#knowledge;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connect(): void {
    const source = new EventSource('api/stream');
    source.addEventListener('open', () => {
      this.#attempts = 0;
      this.#change({ connection: 'open' });
    });
    source.addEventListener('session', ({ data }: MessageEvent<string>) => {
      this.#change(JSON.parse(data) as Pick<Knowledge, 'canSteer' | 'role'>);
    });
    source.addEventListener('frame', ({ data }: MessageEvent<string>) => {
      const picture = applyFrame(this.#knowledge.picture, JSON.parse(data) as Frame);
      this.#change({ picture, trouble: undefined });
    });
    source.addEventListener('trouble', ({ data }: MessageEvent<string>) => {
      this.#change({ trouble: (JSON.parse(data) as { readonly message: string }).message });
    });
    source.addEventListener('end', () => {
      source.close();
      this.#change({ connection: 'gone' });
    });
    source.addEventListener('error', () => {
      this.#attempts++;
      // A browser itself tries again, except after an answer that is no stream.
      const isLost = this.#attempts >= MOST_ATTEMPTS || source.readyState === EventSource.CLOSED;
      if (isLost) source.close();
      this.#change({ connection: isLost ? 'gone' : 'connecting' });
      if (isLost) void this.#askWhy();
    });
  }

  /** A stream does not say why it is refused. */
  async #askWhy(): Promise<void> {
    const { status } = await fetch('api/stream', { method: 'HEAD' }).catch(() => ({ status: 0 }));
    if (status === 503)
      this.#change({
        trouble: 'As many pages as may be open at once show this run already: close one of them.',
      });
  }

  #change(change: Partial<Knowledge>): void {
    this.#knowledge = { ...this.#knowledge, ...change };
    for (const listener of this.#listeners) listener();
  }
}
