import { execaNode } from 'execa';

/** What a child process tells its parent. */
export interface NodeChildListener {
  message(message: unknown): void;
  output(stream: 'out' | 'err', chunk: Uint8Array): void;
  /** Called once, when it is gone and all that it sent has arrived. */
  exit(cause: string): void;
}

export interface NodeChild {
  readonly pid: number | undefined;
  readonly exited: Promise<void>;
  /** Structured clone. Dropped when the child is gone. */
  send(message: object): void;
  /** SIGKILL. */
  kill(): void;
}

/** Starts a Node.js program as a child that speaks messages, with the parent's own Node.js. */
export function spawnNode(entry: URL, listener: NodeChildListener): NodeChild {
  const child = execaNode(entry, {
    serialization: 'advanced',
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    // The parent's own flags (a debugger's port, a test runner's loader) are not for children.
    nodeOptions: [],
  });
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
  const exited = child.then((result) => {
    listener.exit(causeOf(result));
  });
  return {
    pid: child.pid,
    exited,
    send(message) {
      if (channel.connected) channel.send(message, () => {});
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}

function causeOf(result: {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly shortMessage?: string | undefined;
}): string {
  if (result.signal) return `its process was ended by ${result.signal}`;
  if (result.exitCode !== undefined) return `its process ended with exit code ${result.exitCode}`;
  return `its process did not start: ${result.shortMessage ?? 'unknown cause'}`;
}
