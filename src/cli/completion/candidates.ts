import { Argument, type Command, type Option } from 'commander';
import { MESSAGE_LEVELS } from '../../core/logger.ts';
import { filesAt, runsAt } from './files.ts';
import { type Position, positionOf } from './position.ts';

/** What may stand where somebody is on a command line. */
export interface Candidates {
  /** As shells treat the names of files: what is shown is their last part, blanks are quoted. */
  readonly areFiles: boolean;
  readonly words: readonly string[];
}

/** By the name that an argument or the value of an option has in the help, what completes it. */
const BY_NAME: Readonly<Record<string, (position: Position) => Candidates | Promise<Candidates>>> = {
  config: ({ prefix }) => files(filesAt(prefix, isYaml)),
  configs: ({ prefix }) => files(filesAt(prefix, isYaml)),
  dir: ({ prefix }) => files(runsAt(prefix)),
  file: ({ prefix }) => files(filesAt(prefix, () => true)),
  levels: () => plain(MESSAGE_LEVELS),
  suite: async () => {
    const { SUITE_NAMES } = await import('../../bench/suites.ts');
    return plain(SUITE_NAMES);
  },
  optimizer: async ({ before: [directory = ''] }) => {
    const { liveOptimizers } = await import('./logged.ts');
    return plain(liveOptimizers(directory));
  },
  'mark|call': async ({ before: [directory = ''] }) => {
    const { marks } = await import('./logged.ts');
    return plain(marks(directory));
  },
};

/** @param words behind the command's own name, the last one as far as it has been typed */
export async function candidatesFor(command: Command, words: readonly string[]): Promise<Candidates> {
  const position = positionOf(command, words);
  const { slot, prefix } = position;
  const { areFiles, words: all } = await every(position);
  // In `--format=csv` shells complete what is behind the sign.
  const isInline = (words.at(-1) ?? '').startsWith('--') && slot !== undefined && !(slot instanceof Argument);
  const found = all.filter((word) => word.startsWith(prefix));
  return {
    areFiles,
    words: isInline ? found.map((word) => (words.at(-1) ?? '').replace(/=.*$/s, '=') + word) : found,
  };
}

async function every(position: Position): Promise<Candidates> {
  const { command, slot, prefix, before, used } = position;
  if (prefix.startsWith('-') && (!slot || slot instanceof Argument)) return plain(optionsOf(command, used));
  // A command of its own may stand where its first argument may, and not where an option has its value.
  const mayBeUnder = before.length === 0 && (!slot || slot instanceof Argument);
  const unders = mayBeUnder ? command.commands.map((one) => one.name()) : [];
  if (!slot) return plain(unders);
  if (slot.argChoices) return plain([...unders, ...slot.argChoices]);
  const found = (await BY_NAME[nameOf(slot)]?.(position)) ?? plain([]);
  return unders.length > 0 ? { ...found, words: [...unders, ...found.words] } : found;
}

function optionsOf(command: Command, used: ReadonlySet<string>): readonly string[] {
  const own = command.options.filter(
    ({ long, hidden, defaultValue }) => long && !hidden && (!used.has(long) || Array.isArray(defaultValue)),
  );
  return [...own.map(({ long }) => long!), '--help'];
}

/** `dir` of `--into <dir>`. */
function nameOf(slot: Option | Argument): string {
  return slot instanceof Argument ? slot.name() : (/<(.+)>/.exec(slot.flags)?.[1] ?? '');
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

function files(words: readonly string[]): Candidates {
  return { areFiles: true, words };
}

function plain(words: readonly string[]): Candidates {
  return { areFiles: false, words };
}
