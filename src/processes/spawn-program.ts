import { execa } from 'execa';
import type { Environment } from './cookie.ts';
import type { Custody, WardCommand } from './custody.ts';
import { causeOf, type ProcessEnd, signalOf } from './exit-cause.ts';

export interface ProgramCommand {
  /** The program, an absolute path or a name to be looked for on PATH, and its arguments, which nothing interprets. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** In full; the run's cookies are added. */
  readonly env: Environment;
}

/** What a program tells who started it. */
export interface ProgramListener {
  output(stream: 'out' | 'err', chunk: Uint8Array): void;
  /** Nothing more comes on its standard output: it has closed it, or `exit` follows. */
  outputEnded?(): void;
  /** Called once, when it is gone and all that it printed has arrived; a program that never ran too. Not called before `spawnProgram` returns. */
  exit(end: ProgramEnd): void;
}

export interface ProgramEnd extends ProcessEnd {
  /** In words: `its process ended with exit code 1`. */
  readonly cause: string;
}

export interface Program {
  readonly pid: number | undefined;
  /** Resolves after `exit`, when nothing that came from it is left either. */
  readonly exited: Promise<void>;
  /** To its standard input; dropped when it does not read any more. @returns whether it keeps up: what it does not read is kept in memory */
  write(text: string): boolean;
  endInput(): void;
  /** SIGTERM to it and to all that it started, after `graceMs` SIGKILL. */
  stop(graceMs: number): void;
  /** SIGKILL to it and to all that it started. */
  kill(): void;
}

export interface SpawnProgramOptions {
  /** Keeps track of it and of all that comes from it. @default none: the program alone */
  readonly custody?: Custody | undefined;
  /** `ignore`: it finds its standard input at its end. */
  readonly stdin: 'pipe' | 'ignore';
}

/** How long a program that has ended may have its output held open, by what it left behind, before that is looked for. */
const CLOSE_MS = 20;

/** Starts any program, in a process group of its own and in the run's custody. Nothing is interpreted by a shell. */
export function spawnProgram(
  { argv, cwd, env }: ProgramCommand,
  listener: ProgramListener,
  { custody, stdin }: SpawnProgramOptions,
): Program {
  const [name = '', ...rest] = argv;
  const plain: WardCommand = { file: name, args: rest, env, detached: process.platform !== 'win32' };
  const ward = custody?.ward(plain, env);
  const command = ward?.command ?? plain;
  const child = execa(command.file, command.args, {
    cwd,
    env: command.env,
    extendEnv: false,
    detached: command.detached,
    stdin,
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    // The run ends them, and its supervisor should the run not be there to do so.
    cleanup: false,
  });
  ward?.started(child.pid);
  child.stdout.on('data', (chunk: Uint8Array) => {
    listener.output('out', chunk);
  });
  child.stdout.once('end', () => {
    listener.outputEnded?.();
  });
  child.stderr.on('data', (chunk: Uint8Array) => {
    listener.output('err', chunk);
  });
  // A program that ends before it has read all of its input is no fault of ours.
  child.stdin?.on('error', () => {});
  const isNamespace = custody?.containment === 'pid-namespace';
  let isClosed = false;
  child.nodeChildProcess.once('exit', (_code, signal) => {
    if (signal !== null) void ward?.ended();
    else
      setTimeout(() => {
        // What it left holds its output open, and with it the evaluation.
        if (!isClosed) void ward?.ended();
      }, CLOSE_MS);
  });
  const exited = child.then(async ({ exitCode, signal, shortMessage, originalMessage }) => {
    isClosed = true;
    const startFault =
      exitCode === undefined && signal === undefined ? (originalMessage ?? shortMessage) : undefined;
    const end: ProcessEnd = { exitCode, signal, startFault };
    const named = signalOf(end, isNamespace);
    listener.exit({ ...end, ...(named ? { signal: named } : {}), cause: causeOf(end, isNamespace) });
    await ward?.ended(named !== undefined, 'soon');
  });
  return {
    pid: child.pid,
    exited,
    write: (text) => child.stdin?.writable === true && child.stdin.write(text),
    endInput: () => {
      child.stdin?.end();
    },
    stop(graceMs) {
      if (ward) void ward.stop(graceMs);
      else {
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
      }
    },
    kill() {
      ward?.kill();
      child.kill('SIGKILL');
    },
  };
}
