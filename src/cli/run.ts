import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Command } from 'commander';
import { detectContainment } from '../processes/containment.ts';
import { type ConfigFlags, jsonOption, seedOption, setOption, timeLimitOption } from './options.ts';
import { readConfig } from './read-config.ts';

interface RunFlags extends ConfigFlags {
  readonly dir?: string;
  readonly overwrite?: boolean;
  readonly timeLimit?: number;
}

export function runCommand(): Command {
  return new Command('run')
    .description('run an optimization from a YAML configuration')
    .argument('<config>', 'the configuration file')
    .option('--dir <dir>', 'where the log goes (default: runs/<config>-<timestamp>)')
    .option('--overwrite', 'remove an earlier run in that directory; a live one is never removed')
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(timeLimitOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(file: string, flags: RunFlags): Promise<void> {
  // The rest is loaded while the task is tried in a thread and the machine is tried out.
  void detectContainment();
  const reading = readConfig(file, flags);
  reading.catch(() => {});
  await turn();
  const [{ GloMPOManager, timestamp }, { runSession }] = await Promise.all([
    import('../manager/manager.ts'),
    import('./session.ts'),
  ]);
  const config = await reading;
  const name = path.basename(file, path.extname(file));
  const dir = flags.dir ?? path.join('runs', `${name}-${timestamp(new Date())}`);
  await using manager = new GloMPOManager({
    config,
    dir,
    overwrite: flags.overwrite ?? false,
    ownsProcess: true,
    ...(flags.timeLimit === undefined ? {} : { timeLimitSeconds: flags.timeLimit }),
  });
  await runSession(manager, flags.json ?? false);
}
