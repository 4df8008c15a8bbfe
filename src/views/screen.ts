import { isInForeground } from './terminal/foreground.ts';
import type { Frame } from './terminal/frame.ts';
import { Observation, type Scene } from './terminal/observation.ts';
import { SharedStream } from './terminal/shared-stream.ts';
import { styleOf } from './terminal/style.ts';
import type { WatchedRun } from './watch.ts';

const EVERY_MS = 200;

/** One screen that is redrawn in place. What it last showed stays when it ends. */
export function showScreen(run: WatchedRun, stream: NodeJS.WriteStream): Disposable {
  const screen = new Screen(run, stream);
  screen.start();
  return screen;
}

class Screen implements Disposable {
  readonly #observation: Observation;
  readonly #stream: NodeJS.WriteStream;
  readonly #shared: SharedStream;
  #draw: ((scene: Scene) => void) | undefined;
  #frame: Frame | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #wasInForeground = true;

  constructor(run: WatchedRun, stream: NodeJS.WriteStream) {
    this.#observation = new Observation(run);
    this.#stream = stream;
    this.#shared = new SharedStream(stream);
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#tick();
    }, EVERY_MS);
    this.#stream.on('resize', this.#onResize);
    this.#stream.on('error', this.#onError);
    // `fg` after Ctrl-Z: the shell has written below the picture.
    process.on('SIGCONT', this.#onContinue);
  }

  #tick(): void {
    // It is looked at each time, and not only when there is somebody to be shown it: trails are made of that.
    const scene = this.#observation.scene(Date.now());
    if (!scene) return;
    const isInFront = isInForeground();
    if (isInFront && !this.#wasInForeground) this.#frame?.reset();
    this.#wasInForeground = isInFront;
    if (!isInFront) return;
    if (this.#draw) this.#draw(scene);
    else void this.#load();
  }

  /** What it needs to know all widths costs a start 25 ms: not before the first picture. */
  async #load(): Promise<void> {
    const [{ Frame: Lines }, { paint }, { painter }] = await Promise.all([
      import('./terminal/frame.ts'),
      import('./terminal/picture.ts'),
      import('./terminal/style.ts'),
    ]);
    if (this.#isOver || this.#draw) return;
    const style = styleOf(this.#stream, process.env);
    const frame = new Lines(this.#shared);
    const toText = painter(style);
    this.#frame = frame;
    this.#draw = (scene) => {
      const { columns, rows } = this.#shared;
      // The cursor stands below the lines.
      const lines = paint(scene, { columns, rows: Math.max(1, rows - 1), isUnicode: style.isUnicode });
      frame.draw(lines.map(toText));
    };
    this.#tick();
  }

  readonly #onResize = (): void => {
    this.#frame?.resized();
    this.#tick();
  };

  readonly #onContinue = (): void => {
    this.#frame?.reset();
    this.#tick();
  };

  /** The terminal is gone: the run goes on without it, or ends by the signal that comes of that. */
  readonly #onError = (): void => {
    clearInterval(this.#timer);
    this.#draw = () => {};
  };

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    clearInterval(this.#timer);
    if (this.#draw) this.#tick();
    this.#isOver = true;
    this.#stream.off('resize', this.#onResize);
    this.#stream.off('error', this.#onError);
    process.off('SIGCONT', this.#onContinue);
    this.#frame?.[Symbol.dispose]();
    this.#shared[Symbol.dispose]();
    this.#observation[Symbol.dispose]();
  }
}
