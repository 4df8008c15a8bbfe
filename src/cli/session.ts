import { reportOf } from '../backends/task-thread.ts';
import { factsOf } from '../core/errors.ts';
import type { RunResult } from '../log/figures.ts';
import { readLog } from '../log/reader.ts';
import type { GloMPOManager } from '../manager/manager.ts';
import { printable } from '../views/format.ts';
import { type View, watchRun } from '../views/watch.ts';
import { isTerminal, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeOf, handleCrash, printFailure } from './failure.ts';
import type { CommandMessages } from './messages.ts';
import { formatResult } from './result.ts';
import { handleSignals } from './signals.ts';

interface SessionSetup {
  readonly isJson: boolean;
  /** The configuration or the run directory that the command was given. */
  readonly from: string;
}

/** Runs to the end of the run or of the session, watched; prints the result, and sets the exit code. */
export async function runSession(
  manager: GloMPOManager,
  messages: CommandMessages,
  { isJson, from }: SessionSetup,
): Promise<void> {
  // Before that, its directory may be another run's.
  const hasBegun = (): boolean => manager.config !== undefined;
  using signals = handleSignals(manager, (signal, text) => {
    messages.note(text);
    if (hasBegun()) messages.log('info', 'cli', text, { signal });
  });
  manager.state$.subscribe((state) => {
    if (state !== 'running') return;
    messages.log('info', 'cli', `of ${from}, in ${manager.runDir}`, { config: from, runDir: manager.runDir });
  });
  using view = watchRun(manager, process.stderr, viewFor(messages));
  using _ = handleCrash(manager, (thrown) => {
    view[Symbol.dispose]();
    if (hasBegun())
      messages.log('error', 'manager', `nobody caught: ${factsOf(thrown).message}`, {
        stack: factsOf(thrown).stack ?? null,
      });
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
    messages.note(`Not finished: ${result.stopReason}. To go on: glompo resume ${manager.runDir}`);
  // Also when a signal hurried it: what counts for a batch script is that it can go on.
  process.exitCode = result.isSuspended ? EXIT.suspended : (signals.exitCode ?? EXIT.done);
}

function viewFor({ isQuiet, isTelling }: CommandMessages): View {
  if (isQuiet) return 'none';
  if (isTerminal()) return 'screen';
  return isTelling ? 'figures' : 'lines';
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
