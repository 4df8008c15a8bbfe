import type { Argument, Command, Option } from 'commander';

/** Where on a command line somebody is. */
export interface Position {
  readonly command: Command;
  /** What may stand here: the value of an option, or an argument; nothing when there are enough. */
  readonly slot: Option | Argument | undefined;
  /** What has been typed of it. */
  readonly prefix: string;
  /** Arguments before it. */
  readonly before: readonly string[];
  /** Options before it, by their long names. */
  readonly used: ReadonlySet<string>;
}

/**
 * Follows a command line by what commander knows of its command.
 *
 * @param words behind the command's own name, the last one as far as it has been typed
 */
export function positionOf(command: Command, words: readonly string[]): Position {
  const before: string[] = [];
  const used = new Set<string>();
  const typed = joined(words);
  const prefix = typed.at(-1) ?? '';
  let open: Option | undefined;
  for (const [i, word] of typed.slice(0, -1).entries()) {
    if (open) {
      open = undefined;
      continue;
    }
    const under = before.length === 0 && command.commands.find((one) => one.name() === word);
    if (under) return positionOf(under, typed.slice(i + 1));
    if (!word.startsWith('-')) before.push(word);
    const option = command.options.find(({ long, short }) => long === word || short === word);
    if (option?.long) used.add(option.long);
    if (option?.required) open = option;
  }
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(prefix) ?? [];
  const inline = command.options.find(({ long }) => long === name);
  const { registeredArguments: known } = command;
  const last = known.at(-1);
  const slot = open ?? inline ?? known[before.length] ?? (last?.variadic ? last : undefined);
  return { command, slot, prefix: inline && !open ? value! : prefix, before, used };
}

/** Bash takes `--format=csv` for three words. */
function joined(words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const word of words) {
    const last = found.at(-1);
    if (last?.startsWith('--') && word === '=') found[found.length - 1] = `${last}=`;
    else if (last?.startsWith('--') && last.endsWith('=')) found[found.length - 1] = last + word;
    else found.push(word);
  }
  return found;
}
