import { InvalidArgumentError, Option } from 'commander';
import { levelsOf, parseLevels } from '../messages/levels.ts';

const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() === '' || !Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED)
    throw new InvalidArgumentError(`expected an integer from 0 to ${LARGEST_SEED}, got ${text}`);
  return seed;
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

export const setOption = (): Option =>
  new Option(
    '--set <path=value>',
    'replace what stands at a path of the configuration, e.g. manager.maxJobs=4 (may be repeated)',
  )
    .argParser(collect)
    .default([], 'none');

export const seedOption = (): Option =>
  new Option('--seed <n>', 'the seed of all random draws').argParser(parseSeed);

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds > 0 && seconds < Infinity))
    throw new InvalidArgumentError(`expected a number of seconds above 0, got ${text}`);
  return seconds;
}

export const timeLimitOption = (): Option =>
  new Option(
    '--time-limit <seconds>',
    'after so long make a checkpoint and end with exit code 75: the run can be resumed',
  ).argParser(parseSeconds);

/** @throws {InvalidArgumentError} */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 1 && port <= 65535))
    throw new InvalidArgumentError(`expected a port from 1 to 65535, got ${text}`);
  return port;
}

export const dashboardOption = (): Option =>
  new Option(
    '--dashboard [port]',
    'serve the page of the run on 127.0.0.1 while it goes on (default: on any port that is free)',
  ).argParser(parsePort);

const count = (_: string, before: number): number => before + 1;

/** What is said besides the result, and how much of it is kept in the run directory. */
export const messageOptions = (): readonly Option[] => [
  new Option(
    '-v, --verbose',
    'keep more in glompo.log, and without a terminal tell it on standard error; twice: tell all of it',
  )
    .argParser(count)
    .default(0, 'no')
    .conflicts('quiet'),
  new Option('-q, --quiet', 'nothing on standard error but errors'),
  new Option(
    '--log-level <levels>',
    'what glompo.log keeps: error, warn, info or debug, or of one component, as in info,hosts=debug',
  )
    .env('GLOMPO_LOG')
    .argParser((text) => {
      parseLevels(text, levelsOf('info'));
      return text;
    }),
];

/** What `messageOptions` are given. */
export interface MessageFlags {
  readonly verbose: number;
  readonly quiet?: boolean;
  readonly logLevel?: string;
}

export const noReportOption = (): Option => new Option('--no-report', 'write no report.html at the end');

export const jsonOption = (): Option => new Option('--json', 'write the result as JSON to standard output');

/** What commands that read a configuration are given. */
export interface ConfigFlags {
  readonly set: readonly string[];
  readonly seed?: number;
  readonly json?: boolean;
}
