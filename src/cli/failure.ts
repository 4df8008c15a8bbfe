import { AsyncLocalStorage } from 'node:async_hooks';
import { firstOf, GlompoError, type GlompoErrorCode, messageOf } from '../core/errors.ts';
import type { GloMPOManager } from '../manager/manager.ts';
import { printError } from './console.ts';
import { EXIT } from './exit-codes.ts';

/** Failures that are the user's to mend, and that came before anything was started. */
const USER_ERRORS: ReadonlySet<GlompoErrorCode> = new Set([
  'config-invalid',
  'component-unknown',
  'log-unusable',
  'run-directory',
  'task-differs',
  'usage',
]);

export function exitCodeOf(thrown: unknown): number {
  const first = firstOf(thrown);
  return first instanceof GlompoError && USER_ERRORS.has(first.code) ? EXIT.usage : EXIT.failed;
}

/** Where a failure came from, unless its message says all. */
export function printStack(thrown: unknown): void {
  const first = firstOf(thrown);
  if (!(first instanceof GlompoError) && first instanceof Error && first.stack) printError(first.stack);
}

type FailedRun = Pick<GloMPOManager, 'progress' | 'runDir'>;

/** What became of a run that failed and, as the last that is said, what to do next. */
export function printFailure({ runDir }: FailedRun, thrown: unknown): void {
  printStack(thrown);
  printError(
    `The run failed: ${messageOf(thrown)}\nWhat was evaluated is in ${runDir}; to go on: glompo resume ${runDir}`,
  );
}

/**
 * Ends the process at an exception that nobody caught, as Node.js would: in what state the manager is then is not known. What is in the log
 * stays, and the supervisor ends what is left.
 *
 * @param before what is to be done first
 */
export function handleCrash(manager: FailedRun, before: (thrown: unknown) => void): Disposable {
  // Outside of what threw: inline, a task may neither end the process nor write to the terminal, nor may the timers that it set.
  const onCrash = AsyncLocalStorage.bind((thrown: unknown): void => {
    try {
      before(thrown);
      if (manager.progress()) printFailure(manager, thrown);
      else printStack(thrown);
    } finally {
      process.exit(EXIT.failed);
    }
  });
  process.on('uncaughtException', onCrash);
  return {
    [Symbol.dispose]() {
      process.off('uncaughtException', onCrash);
    },
  };
}
