import { Command } from 'commander';
import { reapAll, reapRun } from '../processes/reap.ts';
import type { SweptProcess } from '../processes/sweep.ts';
import { printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { jsonOption } from './options.ts';

export function reapCommand(): Command {
  return new Command('reap')
    .description('end the processes that a run left whose manager was killed together with its supervisor')
    .argument('[dir]', "the run directory; without it, all of this user's runs whose manager is dead")
    .addOption(jsonOption())
    .action(async (directory: string | undefined, flags: { readonly json?: boolean }) => {
      const report = directory === undefined ? await reapAll() : await reapRun(directory);
      printResult(flags.json ? JSON.stringify(report) : format(report));
      if (report.left.length > 0) process.exitCode = EXIT.failed;
    });
}

function format({
  killed,
  left,
}: {
  readonly killed: readonly SweptProcess[];
  readonly left: readonly SweptProcess[];
}): string {
  if (killed.length === 0 && left.length === 0) return 'nothing was left';
  return [
    ...killed.map((swept) => `killed  ${swept.pid}  ${swept.command}`),
    ...left.map((swept) => `left    ${swept.pid}  ${swept.command}  (SIGKILL did not end it)`),
  ].join('\n');
}
