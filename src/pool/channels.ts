import { Worker } from 'node:worker_threads';
import { messageOf } from '../core/errors.ts';
import { withoutLaunch } from '../core/launch.ts';
import { entryUrl } from '../core/places.ts';
import { WorkerLostError } from '../backends/pool/contract.ts';
import type { Custody } from '../processes/custody.ts';
import { spawnNode } from '../processes/spawn-node.ts';
import type { Channel, ChannelListener } from './member.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** A thread with nothing to do ends by itself, since one that is terminated takes along what it printed last; but calls may have left timers. */
const GRACE_MS = 200;

/** A thread of this process. */
export function openThread(listener: ChannelListener): Channel {
  const worker = threadOf();
  let cause = '';
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  worker.on('message', (message: FromWorker) => {
    listener.message(message);
  });
  worker.on('error', (error) => {
    cause = `its thread died: ${messageOf(error)}`;
  });
  worker.on('exit', (code) => {
    listener.gone(new WorkerLostError(cause || `its thread ended with exit code ${code}`, false));
    resolve();
  });
  // A pool that nobody closed does not keep the program alive; one at work does so itself. After the listeners, of which the first would.
  worker.unref();
  return {
    send: (message, moved) => {
      worker.postMessage(message, moved);
    },
    end: async (isIdle) => {
      // The program may wait for nothing else.
      worker.ref();
      const terminate = (): void => {
        void worker.terminate();
      };
      if (isIdle) worker.postMessage({ kind: 'end' } satisfies ToWorker);
      else terminate();
      const patience = setTimeout(terminate, GRACE_MS);
      await gone;
      clearTimeout(patience);
    },
  };
}

function newThread(execArgv?: string[]): Worker {
  const env = withoutLaunch();
  return new Worker(entryUrl('pool/call-thread-entry.ts'), execArgv ? { env, execArgv } : { env });
}

function threadOf(flags: readonly string[] = process.execArgv): Worker {
  const at = flags.findIndex((flag) => flag.startsWith('--input-type'));
  if (at < 0) return newThread();
  // A program was given as text, which a flag tells of that a thread from a file refuses. All others it would have inherited.
  const length = flags[at] === '--input-type' ? 2 : 1;
  try {
    return newThread(flags.toSpliced(at, length));
  } catch {
    // Among them is one for whole processes, as --title, which is refused where it is not inherited.
    return newThread([]);
  }
}

/** A child process. */
export function openProcess(custody: Custody, listener: ChannelListener): Channel {
  const child = spawnNode(
    entryUrl('pool/call-process-entry.ts'),
    {
      message: (message) => {
        listener.message(message as FromWorker);
      },
      output: (stream, chunk) => {
        (stream === 'out' ? process.stdout : process.stderr).write(chunk);
      },
      exit: (cause) => {
        // Replies to quick calls that it had gathered are lost with it.
        listener.gone(new WorkerLostError(cause, false));
      },
    },
    { custody, env: withoutLaunch() },
  );
  return {
    send: (message) => {
      child.send(message);
    },
    end: async () => {
      child.kill();
      await child.exited;
    },
  };
}
