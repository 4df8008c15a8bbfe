import { Argument, Command } from 'commander';
import { SCRIPTS } from './completion/scripts.ts';
import { printResult } from './console.ts';

export function completionCommand(): Command {
  const shells = Object.keys(SCRIPTS);
  return new Command('completion')
    .description('print what has a shell complete commands, options, files, runs and optimizers')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText(
      'after',
      `
For bash, in ~/.bashrc:                   source <(glompo completion bash)
For zsh, in ~/.zshrc, after compinit:     source <(glompo completion zsh)`,
    )
    .action((shell: keyof typeof SCRIPTS) => {
      printResult(SCRIPTS[shell].trimEnd());
    });
}
