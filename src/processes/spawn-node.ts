import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Environment } from './cookie.ts';
import type { Custody } from './custody.ts';
import { causeOf } from './exit-cause.ts';

/** What a child process tells its parent. */
export interface NodeChildListener {
  message(message: unknown): void;
  output(stream: 'out' | 'err', chunk: Uint8Array): void;
  /** Called once, when it is gone and all that it sent has arrived. */
  exit(cause: string): void;
}

export interface NodeChild {
  readonly pid: number | undefined;
  /** Resolves after `exit`, when nothing that came from it is left either. */
  readonly exited: Promise<void>;
  /** Structured clone. Dropped when the child is gone. */
  send(message: object): void;
  /** SIGKILL; with a custody, to all that it started too. */
  kill(): void;
}

export interface SpawnNodeOptions {
  /** Keeps track of the child and of all that comes from it. @default none: the child alone, in this process's group */
  readonly custody?: Custody | undefined;
  /** All of its environment, but for what its custody adds. @default that of this process */
  readonly env?: Environment;
}

/** Starts a Node.js program as a child that speaks messages, with the parent's own Node.js. */
export function spawnNode(
  entry: URL,
  listener: NodeChildListener,
  { custody, env }: SpawnNodeOptions = {},
): NodeChild {
  const program = { file: process.execPath, args: [fileURLToPath(entry)] };
  const ward = custody?.ward(program, env);
  const environment = ward?.command.env ?? env;
  const { file, args } = ward?.command ?? program;
  const child = execa(file, args, {
    ...(environment ? { env: environment, extendEnv: false } : {}),
    ...(ward ? { detached: true } : {}),
    ipc: true,
    serialization: 'advanced',
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
  });
  ward?.started(child.pid);
  // Messages by the bare channel: one event a message, in order, which is all that the wire protocol needs.
  const channel = child.nodeChildProcess;
  channel.on('message', (message: unknown) => {
    listener.message(message);
  });
  child.stdout.on('data', (chunk: Uint8Array) => {
    listener.output('out', chunk);
  });
  child.stderr.on('data', (chunk: Uint8Array) => {
    listener.output('err', chunk);
  });
  // A process that it left may hold its output open: that ends when those end, and the child's result with it.
  channel.once('exit', (_code, signal) => {
    void ward?.ended(signal !== null);
  });
  const exited = child.then(async (result) => {
    const { exitCode, signal, shortMessage } = result;
    listener.exit(
      causeOf({ exitCode, signal, startFault: shortMessage }, custody?.containment === 'pid-namespace'),
    );
    await ward?.ended();
  });
  return {
    pid: child.pid,
    exited,
    send(message) {
      if (channel.connected) channel.send(message, () => {});
    },
    kill() {
      ward?.kill();
      child.kill('SIGKILL');
    },
  };
}
