import path from 'node:path';
import { Command, Option } from 'commander';
import { CodedError } from '../core/errors.ts';
import { usableCores } from '../pool/cores.ts';
import type { AgentOptions } from '../backends/cluster/contract.ts';
import { namesOf } from '../backends/cluster/names.ts';
import { findRendezvous } from '../backends/cluster/rendezvous.ts';
import { RENDEZVOUS } from '../manager/engine-options.ts';
import {
  identityOf,
  connectionOf,
  type EngineFlags,
  engineOptions,
  parseSlots,
  parseWait,
} from './engine.ts';
import { printError } from './console.ts';
import { takeLaunch } from './launched.ts';
import { type ConfigFlags, setOption } from './options.ts';
import { readTaskConfig } from './read-config.ts';
import { serveRun } from './serve-run.ts';

interface WorkerFlags extends ConfigFlags, EngineFlags {
  readonly join?: string;
  readonly run?: string;
  readonly slots?: number;
  readonly evaluate: 'processes' | 'threads';
  readonly linger: number;
  readonly grace: number;
}

export function workerCommand(): Command {
  const command = new Command('worker')
    .description(
      'evaluate for a run that is managed elsewhere, with the task that stands in a configuration of this machine',
    )
    .argument('<config>', 'the configuration file: its task and parameters have to be those of the run')
    .option(
      '--join <dir>',
      'the directory of the run, on a filesystem that this machine has in common with the manager',
    )
    .option(
      '--run <id>',
      'the run, as its manager tells it, where that directory is not to be seen from here',
    );
  for (const option of engineOptions('the engine of the run, with --run')) command.addOption(option);
  return command
    .addOption(
      new Option('--slots <n>', 'how many evaluations at once (default: one a core)').argParser(parseSlots),
    )
    .addOption(
      new Option('--evaluate <where>', 'where functions are called; programs are processes anyway')
        .choices(['processes', 'threads'])
        .default('processes'),
    )
    .addOption(
      new Option('--linger <seconds>', 'how long to stay when the manager is gone')
        .argParser(parseWait)
        .default(10),
    )
    .addOption(
      new Option(
        '--grace <seconds>',
        'how long evaluations may go on when this is asked to go, before others do them',
      )
        .argParser(parseWait)
        .default(30),
    )
    .addOption(setOption())
    .action(work);
}

async function work(file: string, flags: WorkerFlags): Promise<void> {
  // One of several, by `srun` or `mpirun`: what it runs would take its rank for its own.
  takeLaunch();
  const connection = connectionTo(flags);
  const config = await readTaskConfig(file, flags);
  const { evaluate, linger, grace, slots = usableCores() } = flags;
  await serveRun({
    config,
    connection,
    slots,
    evaluate,
    lingerSeconds: linger,
    graceSeconds: grace,
    ...(flags.join === undefined ? {} : { runDir: path.resolve(flags.join) }),
  });
}

/** @throws {CodedError} `usage` */
function connectionTo(flags: WorkerFlags): AgentOptions['connection'] {
  const { join, run } = flags;
  const given = connectionOf(flags);
  const identity = identityOf(flags);
  if (join !== undefined) {
    const file = path.join(path.resolve(join), RENDEZVOUS);
    let isTold = false;
    return async () => {
      const found = await findRendezvous(file);
      if (!found && !isTold)
        printError(`no run is to be found by ${file}: waiting for the manager, which writes it`);
      isTold = true;
      // What this machine has of its own goes before: files are at other places on others.
      return found && { runId: found.runId, connection: { ...found.connection, ...identity, ...given } };
    };
  }
  if (given && run !== undefined) {
    // There is no such run, however long it is waited for.
    namesOf(run);
    return async () => ({ runId: run, connection: given });
  }
  throw new CodedError(
    'usage',
    'expected --join DIR, the directory of the run, or --engine URL and --run ID',
  );
}
