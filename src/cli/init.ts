import { existsSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { probeTask } from '../backends/task-thread.ts';
import { readConfigText } from '../config/load.ts';
import { ConfigError } from '../config/problems.ts';
import { CodedError } from '../core/errors.ts';
import type { StarterParameter } from '../config/starter.ts';
import { printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { parseCommand, parseCount, parseParameter, parseTask, type TaskAnswer } from './init/answers.ts';
import { Asker, Cancelled } from './init/ask.ts';
import { settle } from './init/settle.ts';
import { skeletonOf } from './init/skeleton.ts';
import { configText } from './init/text.ts';
import { jsonOption, seedOption } from './options.ts';
import { makeRoomFor, writeNew } from './write-new.ts';

export interface InitFlags {
  readonly task?: TaskAnswer | 'command';
  readonly command?: TaskAnswer;
  readonly parameter?: readonly StarterParameter[];
  readonly evaluations?: number;
  readonly maxJobs?: number;
  readonly workers?: number;
  readonly seed?: number;
  readonly overwrite?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function initCommand(): Command {
  return new Command('init')
    .description('write a configuration to go on from; asks for what flags do not say')
    .argument('[config]', 'the file to write', 'glompo.yaml')
    .addOption(
      new Option(
        '--task <task>',
        'what is minimized: module:FILE, python:FILE:FUNCTION, benchmark:NAME, or command',
      ).argParser(parseTask),
    )
    .addOption(
      new Option('--command <command>', "a program and its arguments: 'PROGRAM ARGUMENT {k}'").argParser(
        parseCommand,
      ),
    )
    .addOption(
      new Option(
        '--parameter <parameter>',
        'name:min:max, with :log or :integer behind (may be repeated)',
      ).argParser((text: string, before: readonly StarterParameter[] | undefined) => [
        ...(before ?? []),
        parseParameter(text),
      ]),
    )
    .addOption(new Option('--evaluations <n>', 'the budget').argParser(parseCount))
    .addOption(new Option('--max-jobs <n>', 'how much may run at once').argParser(parseCount))
    .addOption(new Option('--workers <n>', 'the same').argParser(parseCount).hideHelp())
    .addOption(seedOption())
    .option('--overwrite', 'replace the file if there is one')
    .option('--yes', 'take defaults for all that flags do not say, and ask nothing')
    .addOption(jsonOption())
    .action(init);
}

async function init(file: string, flags: InitFlags): Promise<void> {
  if (existsSync(file) && !flags.overwrite)
    throw new CodedError('usage', `${file} exists; --overwrite replaces it`);
  const asker = process.stdin.isTTY && process.stderr.isTTY && !flags.yes ? await Asker.open() : undefined;
  try {
    await write(file, flags, asker);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    process.exitCode = EXIT.interrupted;
  }
}

async function write(file: string, flags: InitFlags, asker: Asker | undefined): Promise<void> {
  const settled = await settle(flags, asker);
  const { task, parameters } = settled;
  const skeleton = skeletonOf(
    task,
    parameters.map(({ name }) => name),
  );
  const taskFile = 'file' in task ? task.file : undefined;
  const isNew = skeleton !== undefined && taskFile !== undefined && !existsSync(taskFile);
  if (isNew && asker && !(await asker.confirm(`There is no ${taskFile}. Write one to begin with?`)))
    throw new CodedError('usage', `${taskFile} does not exist: write it first`);
  const text = configText(file, settled);
  const made = makeRoomFor(file);
  if (isNew) writeNew(taskFile, skeleton, false);
  try {
    // What is not right is told before the file is there, without places in it.
    await readConfigText(text, file, { probe: probeTask });
  } catch (error) {
    if (isNew) rmSync(taskFile);
    if (made !== undefined) rmdirSync(path.dirname(file));
    if (!(error instanceof ConfigError)) throw error;
    throw new CodedError('usage', error.problems.map(({ message }) => message).join('; '), { cause: error });
  }
  const written = writeNew(file, text, flags.overwrite ?? false);
  if (flags.json)
    printResult(JSON.stringify({ config: written, task: isNew ? path.resolve(taskFile) : null }));
  else
    printResult(
      [
        ...(isNew ? [`${taskFile}: a task to begin with`] : []),
        `${file}: the configuration; to run it: glompo run ${file}`,
      ].join('\n'),
    );
}
