import { Argument, Command } from 'commander';
import { checkers } from '../checkers/registry.ts';
import { CodedError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { expectation, type OptionsSchema } from '../core/options.ts';
import { generators } from '../generators/registry.ts';
import { hunters } from '../hunters/registry.ts';
import { namedOptimizers } from '../optimizers/registry.ts';
import { selectors } from '../selectors/registry.ts';
import { benchmarks } from '../tasks/benchmarks/registry.ts';
import { printResult } from './console.ts';
import { jsonOption } from './options.ts';

interface Listed {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionsSchema;
}

const KINDS: Readonly<Record<string, readonly Listed[]>> = {
  optimizers: namedOptimizers.all(),
  hunters: hunters.all(),
  checkers: checkers.all(),
  selectors: selectors.all(),
  generators: generators.all(),
  benchmarks: benchmarks.all(),
};

export function listCommand(): Command {
  const argument = new Argument('[kind]', 'what is listed; all when not given');
  // For completion: an unknown one is told below, with what is near it.
  argument.argChoices = Object.keys(KINDS);
  return new Command('list')
    .description('list what a configuration may name')
    .addArgument(argument)
    .addOption(jsonOption())
    .action((kind: string | undefined, flags: { readonly json?: boolean }) => {
      const chosen = Object.entries(KINDS).filter(([name]) => kind === undefined || name === kind);
      if (chosen.length === 0) {
        const near = nearest(kind!, Object.keys(KINDS));
        throw new CodedError(
          'usage',
          `unknown kind ${kind}${near ? `; did you mean ${near}?` : ''} (known: ${Object.keys(KINDS).join(', ')})`,
        );
      }
      printResult(flags.json ? toJson(chosen) : chosen.map(format).join('\n\n'));
    });
}

function toJson(chosen: readonly [string, readonly Listed[]][]): string {
  const plain = ({ name, summary, options }: Listed): Listed => ({
    name,
    summary,
    ...(options ? { options } : {}),
  });
  return JSON.stringify(
    Object.fromEntries(chosen.map(([kind, parts]) => [kind, parts.map(plain)])),
    undefined,
    2,
  );
}

function format([kind, parts]: [string, readonly Listed[]]): string {
  return [
    `${kind}:`,
    ...parts.map(({ name, summary, options }) => `  ${name} - ${summary}${formatOptions(options)}`),
  ].join('\n');
}

function formatOptions(schema: OptionsSchema | undefined): string {
  return Object.entries(schema?.properties ?? {})
    .map(([name, option]) => {
      const given = option.default === undefined ? '' : `, default ${option.default}`;
      const needed = schema?.required?.includes(name) ? ', required' : '';
      return `\n      ${name}: ${expectation(option)}${given}${needed} - ${option.description}`;
    })
    .join('');
}
