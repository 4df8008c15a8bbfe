import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../core/clock.ts';
import { CodedError } from '../../core/errors.ts';
import type { Custody, CustodyTicket } from '../../processes/custody.ts';
import { ProgramShelf } from '../evaluators/program-shelf.ts';
import type { ProgramCrew } from '../evaluators/programs.ts';
import { launchInline } from './bare.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';
import type { OutputSink } from './output.ts';

/** In which optimizer's evaluation the current call is, if in any. */
const evaluating = new AsyncLocalStorage<number>();

/**
 * Runs optimizers in the manager's own thread, their steps interleaved: for debugging and for cheap tasks. Nothing protects the
 * manager from what a task does, but `process.exit` is refused to it.
 */
export class InlineLauncher implements HostLauncher {
  readonly #clock: Clock;
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  readonly #exit = process.exit;
  readonly #restoreOutput: readonly (() => void)[];
  readonly #restoreEnvironment: () => void;
  readonly #custody: Custody;
  readonly #output: OutputSink;
  readonly #shelf = new ProgramShelf<ProgramCrew>();
  readonly ticket: CustodyTicket;

  /** @param ownsProcess whether this process exists for this run alone: its environment is marked, for what tasks start */
  constructor(clock: Clock, output: OutputSink, custody: Custody, ownsProcess: boolean) {
    this.#clock = clock;
    this.#custody = custody;
    this.#output = output;
    this.ticket = custody.ticket('thread');
    this.#restoreEnvironment = ownsProcess ? markOwnEnvironment(custody) : () => {};
    this.#restoreOutput = [divert(process.stdout, 'out', output), divert(process.stderr, 'err', output)];
    process.exit = (code?: number | string | null): never => {
      if (evaluating.getStore() === undefined) return this.#exit.call(process, code);
      throw new CodedError(
        'process-exit-refused',
        `process.exit(${code ?? ''}) would end the manager; use manager.backend threads or processes`,
      );
    };
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    return launchInline(this.#clock, listener, {
      print: this.#output,
      shelf: this.#shelf,
      wrap: (task) => ({
        ...task,
        evaluate: (x, context) => evaluating.run(optimizerId, () => task.evaluate(x, context)),
      }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.exit = this.#exit;
    for (const restore of this.#restoreOutput) restore();
    this.#restoreEnvironment();
    await this.#shelf[Symbol.asyncDispose]();
    await this.#custody[Symbol.asyncDispose]();
  }
}

/** Sends what evaluations print to `output`, and lets everything else through. @returns what ends this */
function divert(stream: NodeJS.WriteStream, name: 'out' | 'err', output: OutputSink): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  const write = stream.write;
  stream.write = (chunk: Uint8Array | string, ...rest: readonly unknown[]): boolean => {
    const optimizerId = evaluating.getStore();
    if (optimizerId === undefined) return Reflect.apply(write, stream, [chunk, ...rest]);
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8';
    output(optimizerId, name, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    const done = rest.find((one) => typeof one === 'function');
    if (done) process.nextTick(done);
    return true;
  };
  return () => {
    stream.write = write;
  };
}

function markOwnEnvironment(custody: Custody): () => void {
  const before = { ...process.env };
  const marked = custody.mark(before);
  Object.assign(process.env, marked);
  return () => {
    for (const name of Object.keys(marked)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  };
}
