import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { Frame } from '../story/frame.ts';
import type { RunStory } from '../story/story.ts';

/** How often a log is looked at while somebody watches. */
const EVERY_MS = 250;
/** As long as it cannot be read. */
const TROUBLE_MS = 2000;
/** A look takes no longer than this at a time, so that questions are answered meanwhile. */
const SLICE_MS = 40;
/** How often they hear of a run in whose log nothing is new: its time goes on, or its manager is gone. */
const IDLE_MS = 2000;
/** What a page is shown while a long log is read. */
const GLIMPSE_MS = 300;

/** Somebody who watches. */
export interface Watcher {
  /** Resolves when it can take more. */
  frame(frame: Frame): Promise<void>;
  trouble(message: string): Promise<void>;
  /** Nothing more comes. */
  end(): Promise<void>;
}

interface Seat {
  readonly watcher: Watcher;
  revision: number;
  isBusy: boolean;
}

/** Follows a log for those who watch, and only while somebody does. */
export class Feed implements AsyncDisposable {
  readonly #story: RunStory;
  readonly #seats = new Set<Seat>();
  #loop: Promise<void> | undefined;
  #isOver = false;
  #told = 0;
  #wake: AbortController = new AbortController();

  constructor(story: RunStory) {
    this.#story = story;
  }

  /** @returns what ends it */
  watch(watcher: Watcher): Disposable {
    const seat = { watcher, revision: 0, isBusy: false };
    this.#seats.add(seat);
    this.#wake.abort();
    this.#loop ??= this.#follow().finally(() => {
      this.#loop = undefined;
    });
    return {
      [Symbol.dispose]: () => {
        this.#seats.delete(seat);
      },
    };
  }

  /** All get what is in the log by now, and hear that nothing more comes. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#wake.abort();
    await this.#loop;
    try {
      while (this.#story.look() === 'more');
      await this.#send();
    } catch {
      // Its log is gone, and they have what they have.
    }
    await Promise.allSettled(Array.from(this.#seats, ({ watcher }) => watcher.end()));
  }

  async #follow(): Promise<void> {
    while (this.#seats.size > 0 && !this.#isOver) {
      let pauseMs = EVERY_MS;
      try {
        await this.#look();
      } catch (error) {
        pauseMs = TROUBLE_MS;
        const message = messageOf(error);
        await Promise.allSettled(Array.from(this.#seats, ({ watcher }) => watcher.trouble(message)));
      }
      this.#wake = new AbortController();
      await sleep(pauseMs, undefined, { signal: this.#wake.signal }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    for (;;) {
      const until = performance.now() + SLICE_MS;
      const outcome = this.#story.look(() => performance.now() < until);
      const since = performance.now() - this.#told;
      const isNew = [...this.#seats].some(({ revision }) => revision === 0);
      if (outcome === 'told' || isNew || since > (outcome === 'more' ? GLIMPSE_MS : IDLE_MS)) {
        this.#told = performance.now();
        void this.#send();
      }
      if (outcome !== 'more' || this.#isOver) return;
      await turn();
    }
  }

  /** One that has not taken the last frame yet gets it all with a later one. */
  async #send(): Promise<void> {
    await Promise.allSettled(
      Array.from(this.#seats, async (seat) => {
        if (seat.isBusy) return;
        const frame = this.#story.frame(seat.revision);
        if (!frame || frame.revision === seat.revision) return;
        seat.isBusy = true;
        seat.revision = frame.revision;
        try {
          await seat.watcher.frame(frame);
        } finally {
          seat.isBusy = false;
        }
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#wake.abort();
    this.#seats.clear();
    await this.#loop;
  }
}
