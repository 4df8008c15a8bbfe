import { Command } from 'commander';
import { printResult } from './console.ts';
import { control } from './control.ts';
import { jsonOption } from './options.ts';

export function pauseCommand(): Command {
  return new Command('pause')
    .description('start no more evaluations in a live run until `unpause`; what runs may finish')
    .argument('<dir>', 'the run directory')
    .addOption(jsonOption())
    .action(async (directory: string, { json }: { readonly json?: boolean }) => {
      const changed = await control(directory, { command: 'pause' });
      if (json) printResult(JSON.stringify({ command: 'pause', changed }));
      else printResult(changed ? 'the run is paused; what runs may finish' : 'the run was paused already');
    });
}
