import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ControlConnection } from '../control/client.ts';
import { CodedError } from '../core/errors.ts';
import { textOf } from '../core/json.ts';
import { copyLog } from '../log/copy.ts';
import { placeOfLog } from '../log/place.ts';
import { readLog } from '../log/reader.ts';
import { printResult } from './console.ts';
import { explainUnreachable } from './control.ts';
import { jsonOption } from './options.ts';

interface CheckpointFlags {
  readonly portable?: string;
  readonly json?: boolean;
}

export function checkpointCommand(): Command {
  return new Command('checkpoint')
    .description('mark where a live run stands, so that it can be continued from there; nothing waits for it')
    .argument('<dir>', 'the run directory')
    .argument('[name]', 'what the mark is called (default: by the pattern checkpoints.name)')
    .option(
      '--portable <file>',
      'also write the whole log into one file from which the run can be resumed anywhere',
    )
    .addOption(jsonOption())
    .action(checkpoint);
}

async function checkpoint(
  directory: string,
  name: string | undefined,
  { portable, json = false }: CheckpointFlags,
): Promise<void> {
  if (portable !== undefined && existsSync(portable))
    throw new CodedError('usage', `${portable} is there already; choose another file`);
  // A portable file needs no mark: of a run that is not live it is made all the same.
  const isLive =
    portable === undefined || readLog(directory, (reader) => reader.summary().state) === 'running';
  const made = isLive ? await mark(directory, name) : undefined;
  if (portable !== undefined) await copyLog(placeOfLog(directory).file, portable);
  if (json)
    printResult(JSON.stringify({ command: 'checkpoint', name: made ?? null, portable: portable ?? null }));
  else {
    if (made !== undefined)
      printResult(
        `checkpoint ${made}; to go on from it: glompo resume ${quoted(directory)} --at ${quoted(made)}`,
      );
    if (portable !== undefined)
      printResult(`written to ${portable}; to go on from it: glompo resume ${quoted(portable)} --into <dir>`);
  }
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

async function mark(directory: string, name: string | undefined): Promise<string> {
  using connection = await ControlConnection.open(directory).catch((error: unknown) => {
    throw explainUnreachable(directory, error);
  });
  const { name: made } = await connection.send({
    command: 'checkpoint',
    ...(name === undefined ? {} : { name }),
  });
  return textOf(made);
}
