import { Command } from 'commander';
import { schemaText } from '../config/schema-file.ts';
import { printResult } from './console.ts';
import { jsonOption } from './options.ts';
import { writeNew } from './write-new.ts';

interface SchemaFlags {
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

export function schemaCommand(): Command {
  return new Command('schema')
    .description('write the JSON Schema of configurations, by which editors complete and check them')
    .option('--output <file>', 'the file to write; standard output when not given')
    .option('--overwrite', 'replace the file if there is one')
    .addOption(jsonOption())
    .action(({ output, overwrite = false, json = false }: SchemaFlags) => {
      if (output === undefined) {
        printResult(schemaText().trimEnd());
        return;
      }
      const file = writeNew(output, schemaText(), overwrite);
      printResult(
        json
          ? JSON.stringify({ file })
          : `to refer to it, begin a configuration with: # yaml-language-server: $schema=${file}`,
      );
    });
}
