import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Command } from 'commander';
import { awaitTask } from '../backends/task-thread.ts';
import { detectContainment } from '../processes/containment.ts';
import { type EngineFlags, engineOf, runEngineOptions } from './engine.ts';
import { directoryOf, engineFor, type Launched, overAtEnd, serveLaunched, takeLaunch } from './launched.ts';
import {
  type ConfigFlags,
  dashboardOption,
  jsonOption,
  type MessageFlags,
  messageOptions,
  noReportOption,
  seedOption,
  setOption,
  timeLimitOption,
} from './options.ts';
import { withReport } from './write-report.ts';

interface RunFlags extends ConfigFlags, EngineFlags, MessageFlags {
  readonly dir?: string;
  readonly overwrite?: boolean;
  readonly timeLimit?: number;
  readonly dashboard?: number | true;
  readonly report: boolean;
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('run an optimization from a YAML configuration')
    .argument('<config>', 'the configuration file')
    .option('--dir <dir>', 'where the log goes (default: runs/<config>-<timestamp>)')
    .option('--overwrite', 'remove an earlier run in that directory; a live one is never removed')
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(timeLimitOption())
    .addOption(dashboardOption())
    .addOption(noReportOption())
    .addOption(jsonOption())
    .action(run);
  for (const option of [...runEngineOptions(), ...messageOptions()]) command.addOption(option);
  return command;
}

async function run(file: string, flags: RunFlags): Promise<void> {
  const launched = takeLaunch();
  if (launched && launched.rank > 0) {
    await serve(launched, file, flags);
    return;
  }
  using resources = new DisposableStack();
  if (launched) resources.use(overAtEnd(launched, dirOf(launched, file, flags), true));
  const engine = engineOf(flags, launched && engineFor(launched));
  const { config, GloMPOManager, timestamp, runSession, CommandMessages } = await prepare(
    file,
    flags,
    engine !== undefined,
  );
  const dir = launched
    ? dirOf(launched, file, flags)
    : (flags.dir ?? path.join('runs', `${nameOf(file)}-${timestamp(new Date())}`));
  await using messages = new CommandMessages(() => manager.runDir, flags);
  await using manager = new GloMPOManager({
    config,
    logger: messages,
    dir,
    overwrite: flags.overwrite ?? false,
    ownsProcess: true,
    ...(engine ? { engine } : {}),
    ...(flags.timeLimit === undefined ? {} : { timeLimitSeconds: flags.timeLimit }),
  });
  await using _ = await openPageOf(manager.runDir, flags);
  await withReport(manager, flags.report, messages, async () =>
    runSession(manager, messages, { isJson: flags.json ?? false, from: path.resolve(file) }),
  );
}

function nameOf(file: string): string {
  return path.basename(file, path.extname(file));
}

function dirOf(launched: Launched, file: string, { dir }: RunFlags): string {
  return dir ?? path.join('runs', directoryOf(launched, nameOf(file)));
}

/** One of those that were launched with the one that manages. */
async function serve(launched: Launched, file: string, flags: RunFlags): Promise<void> {
  const dir = dirOf(launched, file, flags);
  const { readTaskConfig } = await import('./read-config.ts');
  const config = await readTaskConfig(file, flags);
  await serveLaunched(launched, async () => config, path.resolve(dir));
}

/**
 * Reads the configuration, and loads what runs it. What takes time elsewhere goes first: the thread in which the task is tried comes up, and the
 * machine is tried out, while this one loads what reads a configuration; the rest it loads while the task is tried.
 */
// oxlint-disable-next-line typescript/explicit-function-return-type -- modules
async function prepare(file: string, flags: RunFlags, isElsewhere: boolean) {
  using _ = awaitTask();
  void detectContainment();
  const { readConfig } = await import('./read-config.ts');
  const reading = readConfig(file, flags, isElsewhere);
  reading.catch(() => {});
  // It goes as far as it can without the task.
  await turn();
  const [{ GloMPOManager, timestamp }, { runSession }, { CommandMessages }] = await Promise.all([
    import('../manager/manager.ts'),
    import('./session.ts'),
    import('./messages.ts'),
  ]);
  return { config: await reading, GloMPOManager, timestamp, runSession, CommandMessages };
}

/** Not loaded by those who do not ask for it. */
async function openPageOf(runDir: string, { dashboard }: RunFlags): Promise<AsyncDisposable | undefined> {
  if (dashboard === undefined) return undefined;
  const { openPage } = await import('./page-process.ts');
  return openPage(runDir, dashboard);
}
