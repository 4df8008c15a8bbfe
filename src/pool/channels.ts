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
  const worker = new Worker(entryUrl('pool/call-thread-entry.ts'), {
    env: withoutLaunch(),
    ...workerFlags(),
  });
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

/** A program that was given as text has flags that say so, which a thread that is started from a file refuses. All others it inherits. */
function workerFlags(flags: readonly string[] = process.execArgv): { readonly execArgv?: string[] } {
  const at = flags.findIndex((flag) => flag.startsWith('--input-type'));
  if (at < 0) return {};
  return { execArgv: flags.filter((_, i) => i < at || i > at + (flags[at] === '--input-type' ? 1 : 0)) };
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
