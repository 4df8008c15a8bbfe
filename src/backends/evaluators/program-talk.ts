import type { Clock } from '../../core/clock.ts';
import type { Custody } from '../../processes/custody.ts';
import { type Program, type ProgramEnd, spawnProgram } from '../../processes/spawn-program.ts';
import type { WorkerSpec } from '../../tasks/contract.ts';
import { environmentOf } from '../../tasks/environment.ts';
import { findProgram } from '../../tasks/find-program.ts';
import { readMessage } from '../../tasks/worker/decode.ts';
import { startLine } from '../../tasks/worker/encode.ts';
import { ProtocolFault } from '../../tasks/worker/fault.ts';
import { LineSplitter } from '../../tasks/worker/lines.ts';
import {
  WORKER_PROTOCOL,
  type WorkerAbilities,
  type WorkerMessage,
  type WorkerReply,
  type WorkerStart,
} from '../../tasks/worker/messages.ts';
import { ErrorTail } from '../hosts/output.ts';

/** How long a worker may take to end when it is asked to, or to give up an evaluation. */
export const GRACE_MS = 1000;
/** So many of its beats may a worker miss. */
const MISSED_BEATS = 3;

/** Where workers are started from, and what with. */
export interface ProgramWorld {
  readonly spec: WorkerSpec;
  readonly start: WorkerStart;
  readonly custody: Custody | undefined;
  readonly clock: Clock;
  /** Takes what it prints to standard error. */
  readonly print: (chunk: Uint8Array) => void;
}

export interface TalkListener {
  ready(abilities: WorkerAbilities): void;
  /** Those of one read, at least one. @returns what is wrong with them, if they are not what it was asked for */
  replies(replies: readonly WorkerReply[]): string | undefined;
  /** After `replies`, when nothing is wrong with what was read: it can be asked for more. */
  goOn(): void;
  /** It did what the protocol does not allow, and is killed for that: `gone` follows. */
  failing(): void;
  /** Once, when the program is gone, with all that it wrote read. */
  gone(end: TalkEnd): void;
}

export interface TalkEnd {
  /** Whether it did what the protocol does not allow, and was killed for it. */
  readonly isFault: boolean;
  /** In words, with the end of its standard error. */
  readonly cause: string;
}

/** One program that speaks the worker protocol: its start, what it says, its end. */
export class ProgramTalk {
  readonly #world: ProgramWorld;
  readonly #listener: TalkListener;
  readonly #program: Program;
  readonly #lines = new LineSplitter();
  readonly #tail = new ErrorTail();
  readonly #timers = new Map<'start' | 'beat' | 'end' | 'output', () => void>();
  #isReady = false;
  /** Nothing that it says matters any more. */
  #isOver = false;
  #end: TalkEnd | undefined;
  #heardAt: number;

  constructor(world: ProgramWorld, listener: TalkListener) {
    this.#world = world;
    this.#listener = listener;
    const { spec, clock, custody } = world;
    this.#heardAt = clock.elapsed();
    const [name = '', ...rest] = spec.argv;
    // Found by our own PATH: that of the program may be another one, or none.
    const argv = [findProgram(name, spec.cwd) ?? name, ...rest];
    const env = { ...environmentOf(spec.environment, process.env), GLOMPO_PROTOCOL: `${WORKER_PROTOCOL}` };
    this.#program = spawnProgram(
      { argv, cwd: spec.cwd, env },
      {
        output: (stream, chunk) => {
          if (stream === 'out') this.#read(chunk);
          else {
            this.#tail.add(chunk);
            world.print(chunk);
          }
        },
        outputEnded: () => {
          // One that ends does so within this time.
          this.#after('output', GRACE_MS, () => {
            this.fail('it closed its standard output');
          });
        },
        exit: (end) => {
          this.#gone(end);
        },
      },
      { custody, stdin: 'pipe' },
    );
    const { startSeconds } = spec;
    this.#after('start', 1000 * startSeconds, () => {
      this.fail(`it did not say that it is ready within startSeconds, ${startSeconds} s`);
    });
    this.send(startLine(world.start));
  }

  get pid(): number | undefined {
    return this.#program.pid;
  }

  /** Resolves when nothing of it is left. */
  get exited(): Promise<void> {
    return this.#program.exited;
  }

  send(line: string): void {
    this.#program.write(line);
  }

  /** Ends it, since it did what is not allowed. */
  fail(fault: string): void {
    this.#over({ isFault: true, cause: fault });
  }

  kill(): void {
    this.#isOver = true;
    this.#program.kill();
  }

  /** Lets it end by itself, for a while. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#program.endInput();
    this.#after('end', GRACE_MS, () => {
      this.#program.kill();
    });
  }

  #over(end: TalkEnd): void {
    if (this.#isOver) return;
    this.#end = end;
    if (end.isFault) this.#listener.failing();
    this.kill();
  }

  #read(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#heardAt = this.#world.clock.elapsed();
    const replies: WorkerReply[] = [];
    let fault: string | undefined;
    try {
      this.#lines.push(chunk, (line) => {
        if (!this.#isOver) this.#receive(readMessage(line), replies);
      });
    } catch (error) {
      if (!(error instanceof ProtocolFault)) throw error;
      fault = error.message;
    }
    if (replies.length > 0) fault = this.#listener.replies(replies) ?? fault;
    if (fault !== undefined) this.fail(fault);
    else if (replies.length > 0) this.#listener.goOn();
  }

  #receive(message: WorkerMessage, replies: WorkerReply[]): void {
    if (message.kind === 'ready') {
      if (this.#isReady) throw new ProtocolFault('it said twice that it is ready');
      this.#isReady = true;
      this.#cancel('start');
      this.#expectBeats(message.abilities.heartbeatSeconds);
      this.#listener.ready(message.abilities);
    } else if (message.kind === 'unfit') {
      if (this.#isReady) throw new ProtocolFault('it wrote an error without the id of an evaluation');
      this.#over({ isFault: true, cause: message.message });
    } else if (message.kind === 'replies') {
      if (!this.#isReady) throw new ProtocolFault(`it answered before it said {"ready":${WORKER_PROTOCOL}}`);
      for (const reply of message.replies) replies.push(reply);
    }
  }

  #expectBeats(seconds: number | undefined): void {
    if (seconds === undefined) return;
    const mostMs = 1000 * seconds * MISSED_BEATS;
    const left = this.#heardAt + mostMs - this.#world.clock.elapsed();
    this.#after('beat', Math.max(1, left), () => {
      if (this.#world.clock.elapsed() - this.#heardAt < mostMs) this.#expectBeats(seconds);
      else
        this.#over({
          isFault: false,
          cause: `it promised a sign of life every ${seconds} s, and gave none for ${Number((MISSED_BEATS * seconds).toPrecision(6))} s`,
        });
    });
  }

  #gone({ cause, exitCode, signal }: ProgramEnd): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    const half = this.#isOver ? '' : this.#lines.rest;
    // Whoever is killed may be so in the middle of a line.
    if (half !== '' && exitCode !== undefined && signal === undefined)
      this.fail(`${cause} in the middle of a line: ${JSON.stringify(half.slice(0, 60))}`);
    this.#isOver = true;
    const end = this.#end ?? { isFault: false, cause };
    this.#listener.gone({ ...end, cause: this.#tail.explain(end.cause) });
  }

  #after(name: 'start' | 'beat' | 'end' | 'output', ms: number, call: () => void): void {
    this.#cancel(name);
    this.#timers.set(name, this.#world.clock.after(ms, call));
  }

  #cancel(name: 'start' | 'beat' | 'end' | 'output'): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}
