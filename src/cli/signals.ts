import type { GloMPOManager } from '../manager/manager.ts';
import { printError } from './console.ts';
import { EXIT } from './exit-codes.ts';

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: 129 } as const;
type Signal = keyof typeof CODES;

/** Ends a run on a signal: the first time gracefully, the second time at once. */
export function handleSignals(
  manager: Pick<GloMPOManager, 'stop' | 'kill'>,
): Disposable & { readonly exitCode: number | undefined } {
  let first: Signal | undefined;
  const onSignal = (signal: Signal): void => {
    if (first === undefined) {
      first = signal;
      printError(`${signal}: ending the run; what runs may finish. Once more to end it at once.`);
      manager.stop(`interrupted by ${signal}`);
    } else manager.kill(`interrupted twice by ${signal}`);
  };
  const names = Object.keys(CODES) as Signal[];
  for (const name of names) process.on(name, onSignal);
  return {
    get exitCode() {
      return first && CODES[first];
    },
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
