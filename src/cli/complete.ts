import { Command } from 'commander';
import { candidatesFor } from './completion/candidates.ts';
import { printResult } from './console.ts';
import { COMMANDS, HIDDEN } from './main.ts';

/** For shells: what `glompo completion` prints calls it at each press of the tab key. Only the command that is typed is loaded. */
export function completeCommand(): Command {
  return new Command('complete')
    .description('what may stand at the end of a command line')
    .argument('[words...]', 'what has been typed behind `glompo`')
    .action(complete);
}

async function complete([name = '', ...words]: readonly string[]): Promise<void> {
  if (words.length === 0) {
    print(
      false,
      [...COMMANDS.keys()].filter((one) => !HIDDEN.has(one) && one.startsWith(name)),
    );
    return;
  }
  const load = COMMANDS.get(name);
  if (!load) return;
  const { areFiles, words: found } = await candidatesFor((await load())(), words);
  print(areFiles, found);
}

/** Names with a line break are left out: a word is a line. */
function print(areFiles: boolean, words: readonly string[]): void {
  printResult([areFiles ? 'files' : 'words', ...words.filter((word) => !word.includes('\n'))].join('\n'));
}
