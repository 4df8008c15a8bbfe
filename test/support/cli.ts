import { execa } from 'execa';

/** The command: its source, or as it is built, which starts in half the time, where all tests are run after a build. */
export const bin: string = new URL(
  process.env['GLOMPO_TEST_BUILT'] ? '../../dist/cli/bin.js' : '../../src/cli/bin.ts',
  import.meta.url,
).pathname;

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  /** After so many milliseconds it is killed. @default never */
  readonly timeout?: number;
  /** Besides that of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the command: no terminal, standard output and error apart. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- execa's own type says most
export function startCli(args: readonly string[], cwd: string, { timeout, env = {} }: CliOptions = {}) {
  return execa(process.execPath, [bin, ...args], {
    cwd,
    env,
    reject: false,
    stdin: 'ignore',
    ...(timeout === undefined ? {} : { timeout, killSignal: 'SIGKILL' }),
  });
}

/** Runs the command to its end. */
export async function runCli(
  args: readonly string[],
  cwd: string,
  options: CliOptions = {},
): Promise<CliResult> {
  const { exitCode, stdout, stderr } = await startCli(args, cwd, options);
  return { exitCode, stdout, stderr };
}
