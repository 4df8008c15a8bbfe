import path from 'node:path';
import { Command } from 'commander';
import { reportOf } from '../backends/task-thread.ts';
import type { RunConfig } from '../config/run-config.ts';
import { messageOf } from '../core/errors.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import { GloMPOManager, timestamp } from '../manager/manager.ts';
import { watchRun } from '../views/watch.ts';
import { isTerminal, printError, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { readConfig } from './read-config.ts';
import { type ConfigFlags, jsonOption, seedOption, setOption } from './options.ts';
import { formatResult } from './result.ts';
import { handleSignals } from './signals.ts';

interface RunFlags extends ConfigFlags {
  readonly dir?: string;
  readonly overwrite?: boolean;
}

export function runCommand(): Command {
  return new Command('run')
    .description('run an optimization from a YAML configuration')
    .argument('<config>', 'the configuration file')
    .option('--dir <dir>', 'where the log goes (default: runs/<config>-<timestamp>)')
    .option('--overwrite', 'remove an earlier run in that directory; a live one is never removed')
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(file: string, flags: RunFlags): Promise<void> {
  const config = await readConfig(file, flags);
  const name = path.basename(file, path.extname(file));
  const dir = flags.dir ?? path.join('runs', `${name}-${timestamp(new Date())}`);
  await using manager = new GloMPOManager({
    config,
    dir,
    overwrite: flags.overwrite ?? false,
    ownsProcess: true,
  });
  using signals = handleSignals(manager);
  using view = watchRun(manager, process.stderr, isTerminal());
  let result: RunResult;
  try {
    result = await manager.start();
  } catch (error) {
    // Before the log there was no run, and its directory is none to look at.
    if (manager.progress())
      printError(`The run failed: ${messageOf(error)}\nWhat was evaluated is in ${manager.runDir}`);
    throw error;
  }
  // The result stands below the view's last picture.
  view[Symbol.dispose]();
  if (flags.json) printResult(JSON.stringify(result));
  else printResult(await describe(config, result, manager.progress()!));
  process.exitCode = signals.exitCode ?? EXIT.done;
}

async function describe(config: RunConfig, result: RunResult, progress: RunProgress): Promise<string> {
  const summary = formatResult(config, result, progress);
  if (result.x === null || result.fx === null) return summary;
  const parameters = Object.fromEntries(result.names.map((name, i) => [name, result.x![i]!]));
  const report = await reportOf(config.task, { fx: result.fx, parameters });
  return report === undefined ? summary : `${report.trimEnd()}\n\n${summary}`;
}
