import type { Custody } from '../../processes/custody.ts';
import { type ProgramCommand, type ProgramEnd, spawnProgram } from '../../processes/spawn-program.ts';
import { Failure } from '../failure.ts';
import { OutputTail } from './output-tail.ts';
import type { CommandSpec } from './spec.ts';

export interface ProgramRun extends ProgramCommand {
  readonly custody: Custody | undefined;
  /** What it finds on standard input; its end at once when not given. */
  readonly input: string | undefined;
  /** Aborted to end it. */
  readonly signal: AbortSignal;
}

export interface RunLimits {
  readonly maxOutputBytes: number;
  readonly graceMs: number;
}

/** A program that was run, and what it printed. */
export interface Ended {
  readonly end: ProgramEnd;
  readonly stdout: OutputTail;
  readonly stderr: OutputTail;
  readonly isAborted: boolean;
}

/** Of standard error only the end is needed, for messages. */
const KEPT_OF_STDERR = 4096;

/** Runs a program to its end. Never rejects; what it left behind is its custody's to end. */
export function runProgram(
  { custody, input, signal, ...command }: ProgramRun,
  { maxOutputBytes, graceMs }: RunLimits,
  print: (stream: 'out' | 'err', chunk: Uint8Array) => void,
): Promise<Ended> {
  const tails = { out: new OutputTail(maxOutputBytes), err: new OutputTail(KEPT_OF_STDERR) };
  const passOn = new Passage(maxOutputBytes, print);
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const program = spawnProgram(
    command,
    {
      output: (stream, chunk) => {
        tails[stream].add(chunk);
        passOn.pass(stream, chunk);
      },
      exit: (end) => {
        signal.removeEventListener('abort', stop);
        resolve({ end, stdout: tails.out, stderr: tails.err, isAborted: signal.aborted });
      },
    },
    { custody, stdin: input === undefined ? 'ignore' : 'pipe' },
  );
  function stop(): void {
    program.stop(graceMs);
  }
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  if (input !== undefined) {
    program.write(input);
    program.endInput();
  }
  return promise;
}

/** Passes on what is printed up to a limit, and says so where it ends: an endless print must not fill the disk. */
class Passage {
  readonly #print: (stream: 'out' | 'err', chunk: Uint8Array) => void;
  readonly #limit: number;
  readonly #passed = { out: 0, err: 0 };

  constructor(limit: number, print: (stream: 'out' | 'err', chunk: Uint8Array) => void) {
    this.#limit = limit;
    this.#print = print;
  }

  pass(stream: 'out' | 'err', chunk: Uint8Array): void {
    const room = this.#limit - this.#passed[stream];
    if (room < 0) return;
    this.#passed[stream] += chunk.length;
    if (chunk.length <= room) {
      this.#print(stream, chunk);
      return;
    }
    this.#print(stream, chunk.subarray(0, room));
    const note = `\n[glompo: what this evaluation prints beyond ${this.#limit} bytes (maxOutputBytes) is left out]\n`;
    this.#print(stream, Buffer.from(note));
  }
}

/** Why a program that has ended has no value, if it has none. */
export function faultOfEnd(
  { end, stderr, isAborted }: Ended,
  { okExitCodes, retryExitCodes }: CommandSpec,
): Failure | undefined {
  const { exitCode, signal, startFault, cause } = end;
  const said = stderr.lastLine(300);
  const told = said === '' ? cause : `${cause}; its standard error ends: ${said}`;
  if (isAborted) return new Failure(`it was ended: ${cause}`);
  // A program that is not there, or may not be run, will not be the next time.
  if (startFault !== undefined) return new Failure(told);
  if (signal !== undefined) return new Failure(told, true);
  if (exitCode !== undefined && okExitCodes.includes(exitCode)) return undefined;
  return new Failure(told, exitCode !== undefined && retryExitCodes.includes(exitCode));
}
