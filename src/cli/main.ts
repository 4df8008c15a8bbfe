import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/problems.ts';
import { GlompoError, type GlompoErrorCode, messageOf } from '../core/errors.ts';
import { VERSION } from '../version.ts';
import { evaluateCommand } from './evaluate.ts';
import { printError, printResult, reserveStdout } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { benchCommand } from './bench.ts';
import { checkpointCommand } from './checkpoint.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { listCommand } from './list.ts';
import { pauseCommand } from './pause.ts';
import { reapCommand } from './reap.ts';
import { reweightCommand } from './reweight.ts';
import { resumeCommand } from './resume.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { unpauseCommand } from './unpause.ts';
import { validateCommand } from './validate.ts';

/** Failures that are the user's to mend, and that came before anything was started. */
const USER_ERRORS: ReadonlySet<GlompoErrorCode> = new Set([
  'config-invalid',
  'component-unknown',
  'log-unusable',
  'run-directory',
  'task-differs',
  'usage',
]);

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
  for (const command of [
    runCommand,
    resumeCommand,
    validateCommand,
    evaluateCommand,
    listCommand,
    statusCommand,
    exportCommand,
    importCommand,
    reweightCommand,
    stopCommand,
    pauseCommand,
    unpauseCommand,
    checkpointCommand,
    reapCommand,
    benchCommand,
  ]) {
    const made = command().copyInheritedSettings(program);
    for (const under of made.commands) under.copyInheritedSettings(made);
    program.addCommand(made);
  }
  try {
    await program.parseAsync(argv);
  } catch (thrown) {
    process.exitCode = report(thrown);
  }
}

function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (thrown instanceof ConfigError) {
    printError(thrown.message);
    return EXIT.usage;
  }
  if (thrown instanceof GlompoError) {
    printError(`glompo: ${thrown.message}`);
    return USER_ERRORS.has(thrown.code) ? EXIT.usage : EXIT.failed;
  }
  printError(`glompo: ${messageOf(thrown)}`);
  if (thrown instanceof Error && thrown.stack) printError(thrown.stack);
  return EXIT.failed;
}
