import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import { GloMPOManager } from '../manager/manager.ts';
import { directoryOfSession } from '../manager/sessions.ts';
import { type EngineFlags, engineOf, runEngineOptions } from './engine.ts';
import { engineFor, overAtEnd, serveLaunched, takeLaunch } from './launched.ts';
import { CommandMessages } from './messages.ts';
import {
  dashboardOption,
  jsonOption,
  type MessageFlags,
  messageOptions,
  noReportOption,
  setOption,
  timeLimitOption,
} from './options.ts';
import { openPage } from './page-process.ts';
import { readTaskConfig } from './read-config.ts';
import { runSession } from './session.ts';
import { withReport } from './write-report.ts';

interface ResumeFlags extends EngineFlags, MessageFlags {
  readonly at?: string;
  readonly into?: string;
  readonly set: readonly string[];
  readonly forceTask?: boolean;
  readonly fromSnapshots?: boolean;
  readonly timeLimit?: number;
  readonly dashboard?: number | true;
  readonly report: boolean;
  readonly json?: boolean;
}

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description(
      'go on with a run that was stopped, suspended or killed, or with more budget for one that has ended',
    )
    .argument('<dir>', 'the run directory, or the file of a portable checkpoint')
    .addOption(
      new Option(
        '--at <mark|call>',
        'from a checkpoint, or from after a call: in a run directory of its own',
      ),
    )
    .option(
      '--into <dir>',
      'go on there, and leave the original as it is (default with --at: <dir>-at-<mark|call>)',
    )
    .addOption(setOption())
    .option(
      '--force-task',
      'go on although the task, its parameters or a plug-in differ from those of the log',
    )
    .option(
      '--from-snapshots',
      'optimizers go on from their latest snapshots; evaluations after these are kept, but unknown to them',
    )
    .addOption(timeLimitOption())
    .addOption(dashboardOption())
    .addOption(noReportOption())
    .addOption(jsonOption())
    .action(resume);
  for (const option of [...runEngineOptions(), ...messageOptions()]) command.addOption(option);
  return command;
}

async function resume(directory: string, flags: ResumeFlags): Promise<void> {
  const {
    at,
    into,
    set,
    forceTask = false,
    fromSnapshots = false,
    timeLimit,
    dashboard,
    report,
    json = false,
  } = flags;
  const launched = takeLaunch();
  const dir = directoryOfSession(directory, {
    ...(at === undefined ? {} : { at }),
    ...(into === undefined ? {} : { into }),
  });
  if (launched && launched.rank > 0) {
    // The one that manages says so, and makes no directory to tell the others in.
    if (!existsSync(directory)) throw new CodedError('run-directory', `there is no ${directory}`);
    // As the run was resolved, by the one that manages: its task and parameters are those of the log.
    const read = (): Promise<RunConfig> => readTaskConfig(path.join(dir, 'config.yaml'), { set: [] });
    await serveLaunched(launched, read, dir);
    return;
  }
  using resources = new DisposableStack();
  if (launched) resources.use(overAtEnd(launched, dir, existsSync(directory)));
  const engine = engineOf(flags, launched && engineFor(launched));
  await using messages = new CommandMessages(() => manager.runDir, flags);
  await using manager = GloMPOManager.resume(directory, {
    set,
    logger: messages,
    forceTask,
    fromSnapshots,
    ownsProcess: true,
    ...(engine ? { engine } : {}),
    ...(at === undefined ? {} : { at }),
    ...(into === undefined ? {} : { into }),
    ...(timeLimit === undefined ? {} : { timeLimitSeconds: timeLimit }),
  });
  await using _ = await openPage(manager.runDir, dashboard);
  await withReport(manager, report, messages, async () =>
    runSession(manager, messages, { isJson: json, from: path.resolve(directory) }),
  );
}
