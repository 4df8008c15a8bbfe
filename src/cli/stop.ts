import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { isOptimizerId } from '../control/protocol.ts';
import type { OptimizerStatus } from '../log/contract.ts';
import { printResult } from './console.ts';
import { control, summaryOf } from './control.ts';
import { jsonOption } from './options.ts';

const LOOK_EVERY_MS = 200;

interface StopFlags {
  readonly wait?: boolean;
  readonly json?: boolean;
}

export function stopCommand(): Command {
  return new Command('stop')
    .description('end a live run gracefully, or one of its optimizers')
    .argument('<dir>', 'the run directory')
    .argument('[optimizer]', 'the id of an optimizer; another takes its slots', parseOptimizer)
    .option('--wait', 'return when it has ended (default: when the run knows)')
    .addOption(jsonOption())
    .action((directory: string, optimizer: number | undefined, flags: StopFlags) =>
      optimizer === undefined ? stopRun(directory, flags) : stopOptimizer(directory, optimizer, flags),
    );
}

function parseOptimizer(text: string): number {
  const id = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!isOptimizerId(id))
    throw new InvalidArgumentError(`expected the id of an optimizer: 1, 2, 3, …, got ${text}`);
  return id;
}

async function stopRun(directory: string, { wait = false, json = false }: StopFlags): Promise<void> {
  const changed = await control(directory, { command: 'stop' }, async (connection) => {
    if (wait) await connection.closed();
  });
  const state = wait ? summaryOf(directory)?.state : undefined;
  if (json) printResult(JSON.stringify({ command: 'stop', changed, ...(wait ? { state } : {}) }));
  else if (wait) printResult(`the run has ended: ${state}`);
  else printResult(changed ? 'the run is ending; what runs may finish' : 'the run was ending already');
}

async function stopOptimizer(
  directory: string,
  optimizer: number,
  { wait = false, json = false }: StopFlags,
): Promise<void> {
  const command = 'stop-optimizer';
  const changed = await control(directory, { command, optimizer });
  const status = wait ? await endOf(directory, optimizer) : undefined;
  if (json) printResult(JSON.stringify({ command, optimizer, changed, ...(wait ? { status } : {}) }));
  else if (wait) printResult(`optimizer ${optimizer} has ended: ${status}`);
  else if (changed) printResult(`optimizer ${optimizer} is ending; what it runs may finish`);
  else printResult(`optimizer ${optimizer} was ending or had ended already`);
}

/** Waits until the log says how an optimizer ended, or nobody is left to say it. */
async function endOf(directory: string, optimizer: number): Promise<OptimizerStatus | undefined> {
  for (;;) {
    const run = summaryOf(directory);
    const status = run?.optimizers.find(({ optimizerId }) => optimizerId === optimizer)?.status;
    if (status !== 'running' || run?.state !== 'running') return status;
    await sleep(LOOK_EVERY_MS);
  }
}
