import { Command } from 'commander';
import { printResult } from './console.ts';
import { control } from './control.ts';
import { jsonOption } from './options.ts';

export function unpauseCommand(): Command {
  return new Command('unpause')
    .description('let a paused run go on')
    .argument('<dir>', 'the run directory')
    .addOption(jsonOption())
    .action(async (directory: string, { json }: { readonly json?: boolean }) => {
      const changed = await control(directory, { command: 'unpause' });
      if (json) printResult(JSON.stringify({ command: 'unpause', changed }));
      else printResult(changed ? 'the run goes on' : 'the run was not paused');
    });
}
