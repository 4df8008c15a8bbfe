import { Command } from 'commander';
import { describeContainment } from '../processes/containment.ts';
import { toPlain, toYaml } from '../config/write.ts';
import { printError, printResult } from './console.ts';
import { type ConfigFlags, jsonOption, seedOption, setOption } from './options.ts';
import { readConfig } from './read-config.ts';

export function validateCommand(): Command {
  return new Command('validate')
    .description('check a configuration and its task, and show it with all defaults')
    .argument('<config>', 'the configuration file')
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (file: string, flags: ConfigFlags) => {
      const config = await readConfig(file, flags);
      printResult(flags.json ? JSON.stringify(toPlain(config), undefined, 2) : toYaml(config).trimEnd());
      const free = config.parameters.filter(({ kind }) => kind === 'free').length;
      for (const line of await describeContainment()) printError(line);
      printError(`${file} is valid: ${free} free of ${config.parameters.length} parameters`);
    });
}
