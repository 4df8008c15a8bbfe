import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/problems.ts';
import { messageOf } from '../core/errors.ts';
import { VERSION } from '../version.ts';
import { printError, printResult, reserveStdout } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeOf, printStack } from './failure.ts';

/** A command is loaded when it is used: `status` waits for none of what a run needs. In the order in which help has them. */
export const COMMANDS: ReadonlyMap<string, () => Promise<() => Command>> = new Map([
  ['run', async () => (await import('./run.ts')).runCommand],
  ['resume', async () => (await import('./resume.ts')).resumeCommand],
  ['validate', async () => (await import('./validate.ts')).validateCommand],
  ['evaluate', async () => (await import('./evaluate.ts')).evaluateCommand],
  ['list', async () => (await import('./list.ts')).listCommand],
  ['init', async () => (await import('./init.ts')).initCommand],
  ['schema', async () => (await import('./schema.ts')).schemaCommand],
  ['status', async () => (await import('./status.ts')).statusCommand],
  ['dashboard', async () => (await import('./dashboard.ts')).dashboardCommand],
  ['report', async () => (await import('./report.ts')).reportCommand],
  ['export', async () => (await import('./export.ts')).exportCommand],
  ['import', async () => (await import('./import.ts')).importCommand],
  ['reweight', async () => (await import('./reweight.ts')).reweightCommand],
  ['stop', async () => (await import('./stop.ts')).stopCommand],
  ['pause', async () => (await import('./pause.ts')).pauseCommand],
  ['unpause', async () => (await import('./unpause.ts')).unpauseCommand],
  ['checkpoint', async () => (await import('./checkpoint.ts')).checkpointCommand],
  ['reap', async () => (await import('./reap.ts')).reapCommand],
  ['worker', async () => (await import('./worker.ts')).workerCommand],
  ['bench', async () => (await import('./bench.ts')).benchCommand],
  ['completion', async () => (await import('./completion.ts')).completionCommand],
  ['complete', async () => (await import('./complete.ts')).completeCommand],
]);

/** For programs, not for people. */
export const HIDDEN: ReadonlySet<string> = new Set(['complete']);

/** The command `glompo`. Sets the exit code; never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  reserveStdout();
  const program = new Command('glompo')
    .description(
      'Managed parallel global optimization: many optimizers on one expensive function, watched, killed and replaced while they run.',
    )
    .version(VERSION)
    .configureOutput({
      writeOut: (text) => {
        printResult(text.trimEnd());
      },
    })
    // Options behind a command's own command are that one's.
    .enablePositionalOptions()
    .exitOverride();
  for (const command of await commandsFor(argv)) {
    const made = command().copyInheritedSettings(program);
    for (const under of made.commands) under.copyInheritedSettings(made);
    program.addCommand(made, { hidden: HIDDEN.has(made.name()) });
  }
  try {
    await program.parseAsync(argv);
  } catch (thrown) {
    process.exitCode = report(thrown);
  }
}

/** The one that is named; all of them when none is, for the help or to say what is near. */
async function commandsFor([, , name = '']: readonly string[]): Promise<readonly (() => Command)[]> {
  const load = COMMANDS.get(name);
  return Promise.all(load ? [load()] : Array.from(COMMANDS.values(), (one) => one()));
}

function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (thrown instanceof ConfigError) {
    printError(thrown.message);
    return EXIT.usage;
  }
  printError(`glompo: ${messageOf(thrown)}`);
  printStack(thrown);
  return exitCodeOf(thrown);
}
