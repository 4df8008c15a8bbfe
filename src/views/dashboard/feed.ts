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
/** How long one who does not read is waited for at the end. */
const PATIENCE_MS = 2000;

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
  /** What it has not taken yet. */
  writing: Promise<void> | undefined;
}

/** Follows a log for those who watch, and only while somebody does. Nobody who is slow, or does not read at all, is waited for. */
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
    const seat: Seat = { watcher, revision: 0, writing: undefined };
    this.#seats.add(seat);
    this.#wake.abort();
    if (!this.#isOver) this.#loop ??= this.#follow();
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
    if (this.#seats.size === 0) return;
    try {
      while (this.#story.look() === 'more');
    } catch {
      // Its log is gone, and they have what they have.
    }
    const farewells = Array.from(this.#seats, async (seat) => {
      await seat.writing;
      this.#send(seat);
      await seat.writing;
      await seat.watcher.end();
    });
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled(farewells),
      sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
  }

  async #follow(): Promise<void> {
    try {
      while (this.#seats.size > 0 && !this.#isOver) {
        // Whoever comes while it looks is not left to wait.
        this.#wake = new AbortController();
        const { signal } = this.#wake;
        let pauseMs = EVERY_MS;
        try {
          await this.#look();
        } catch (error) {
          pauseMs = TROUBLE_MS;
          const message = messageOf(error);
          for (const seat of this.#seats) this.#write(seat, async (watcher) => watcher.trouble(message));
        }
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
      }
    } finally {
      this.#loop = undefined;
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
        for (const seat of this.#seats) this.#send(seat);
      }
      if (outcome !== 'more' || this.#isOver) return;
      await turn();
    }
  }

  /** @throws {Error} when what stands in the log makes no sense */
  #send(seat: Seat): void {
    // It gets all of it with a later one.
    if (seat.writing) return;
    const frame = this.#story.frame(seat.revision);
    if (!frame || frame.revision === seat.revision) return;
    seat.revision = frame.revision;
    this.#write(seat, async (watcher) => watcher.frame(frame));
  }

  #write(seat: Seat, write: (watcher: Watcher) => Promise<void>): void {
    seat.writing ??= write(seat.watcher)
      .catch(() => {
        // It is gone, and its seat soon.
      })
      .finally(() => {
        seat.writing = undefined;
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#wake.abort();
    this.#seats.clear();
    await this.#loop;
  }
}
