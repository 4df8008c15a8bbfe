import { reportOf } from '../backends/task-thread.ts';
import type { RunResult } from '../log/figures.ts';
import { readLog } from '../log/reader.ts';
import type { GloMPOManager } from '../manager/manager.ts';
import { printable } from '../views/format.ts';
import { watchRun } from '../views/watch.ts';
import { isTerminal, printError, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeOf, handleCrash, printFailure } from './failure.ts';
import { formatResult } from './result.ts';
import { handleSignals } from './signals.ts';

/** Runs to the end of the run or of the session, watched; prints the result, and sets the exit code. */
export async function runSession(manager: GloMPOManager, isJson: boolean): Promise<void> {
  using signals = handleSignals(manager);
  using view = watchRun(manager, process.stderr, isTerminal());
  using _ = handleCrash(manager, () => {
    view[Symbol.dispose]();
  });
  let result: RunResult;
  try {
    result = await manager.start();
  } catch (error) {
    // Before the log there was no run, and its directory is none to look at.
    if (!manager.progress()) throw error;
    view[Symbol.dispose]();
    printFailure(manager, error);
    process.exitCode = exitCodeOf(error);
    return;
  }
  // The result stands below the view's last picture.
  view[Symbol.dispose]();
  if (isJson) printResult(JSON.stringify(result));
  else printResult(await describe(manager, result));
  if (result.isSuspended)
    printError(`Not finished: ${result.stopReason}. To go on: glompo resume ${manager.runDir}`);
  // Also when a signal hurried it: what counts for a batch script is that it can go on.
  process.exitCode = result.isSuspended ? EXIT.suspended : (signals.exitCode ?? EXIT.done);
}

async function describe(manager: GloMPOManager, result: RunResult): Promise<string> {
  const { config } = manager;
  const progress = manager.progress();
  if (!config || !progress)
    return `The run has ended already: ${printable(result.stopReason)}\nBest value ${result.fx}\nFor more evaluations: glompo resume ${manager.runDir} --set stop.max-evaluations=…`;
  const summary = formatResult(config, result, progress);
  if (result.x === null || result.fx === null) return `${summary}${whyNone(result.runDir)}`;
  const parameters = Object.fromEntries(result.names.map((name, i) => [name, result.x![i]!]));
  const report = await reportOf(config.task, { fx: result.fx, parameters });
  return report === undefined ? summary : `${report.trimEnd()}\n\n${summary}`;
}

/** What became of the first evaluation of a run in which none has a value: the others most likely failed for the same reason. */
function whyNone(runDir: string): string {
  const [first] = readLog(runDir, (reader) => [...reader.evaluations().take(1)]);
  return first?.error ? `\nThe first evaluation ${first.status}: ${printable(first.error)}` : '';
}
