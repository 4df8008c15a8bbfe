import type { GloMPOManager } from '../manager/manager.ts';
import { printError } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { onJobLimit } from './job-limits.ts';

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: 129 } as const;
type Signal = keyof typeof CODES;

/**
 * Ends a run on a signal: the first time gracefully, the second time at once. One that says that the time of the job is up suspends
 * the run, so that the next job can resume it.
 *
 * @param tell is told of it, besides
 */
export function handleSignals(
  manager: Pick<GloMPOManager, 'stop' | 'kill' | 'suspend'>,
  tell: (signal: NodeJS.Signals, message: string) => void = (_, message) => {
    printError(message);
  },
): Disposable & { readonly exitCode: number | undefined } {
  let first: Signal | undefined;
  const onSignal = (signal: Signal): void => {
    if (first === undefined) {
      first = signal;
      tell(signal, `${signal}: ending the run; what runs may finish. Once more to end it at once.`);
      manager.stop(`interrupted by ${signal}`);
    } else {
      tell(signal, `${signal} once more: ending the run at once`);
      manager.kill(`interrupted twice by ${signal}`);
    }
  };
  const names = Object.keys(CODES) as Signal[];
  for (const name of names) process.on(name, onSignal);
  const limits = onJobLimit((signal) => {
    if (manager.suspend(`job limit: ${signal}`) === 'done')
      tell(signal, `${signal}: ending this session; what runs may finish, and the run can be resumed.`);
  });
  return {
    get exitCode() {
      return first && CODES[first];
    },
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal);
      limits[Symbol.dispose]();
    },
  };
}
