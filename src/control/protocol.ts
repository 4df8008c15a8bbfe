import { CodedError, describe, messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';

/**
 * The control protocol: lines of JSON, a request `{ command, … }` a line, an answer `{ ok, … }` a line, in the order of the requests.
 * An `id` given in a request comes back in its answer; a `version` may be given, and is then checked.
 */
const CONTROL_VERSION = 1;

/** Longer lines are refused, so that nobody makes the manager gather without end. */
export const MAX_LINE_BYTES = 4096;

/** What a live run can be told, and what belongs to each command. */
interface Commands {
  /** Tells who answers; changes nothing. */
  readonly ping: {};
  /** Ends the run gracefully. */
  readonly stop: {};
  /** Ends one optimizer; another takes its slots. */
  readonly 'stop-optimizer': { readonly optimizer: number };
  /** Starts no more evaluations. */
  readonly pause: {};
  readonly unpause: {};
  /** Makes a checkpoint; its name follows the run's pattern when not given. */
  readonly checkpoint: { readonly name?: string };
}

export type CommandName = keyof Commands;

export type Command<Name extends CommandName = CommandName> = {
  readonly [Each in Name]: {
    readonly command: Each;
    /** Through what it was given. */ readonly by?: string;
  } & Commands[Each];
}[Name];

/**
 * What came of a command: `already` when it was so before; `not-running` when the run has not begun or is coming to its end;
 * `unknown` when there is no such optimizer.
 */
export type Outcome = 'done' | 'already' | 'not-running' | 'unknown';

export type RequestId = string | number;

/** Why a command was refused, in codes of `GlompoError` that a caller can react to. */
export type RefusalCode = 'usage' | 'run-directory' | 'protocol-mismatch' | 'internal';

/** The code of a refusal, whatever stands in its place. */
export function refusalCode(given: unknown): RefusalCode {
  return REFUSALS.find((code) => code === given) ?? 'internal';
}

interface Field {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const OPTIMIZER: Field = { expected: 'the id of an optimizer: 1, 2, 3, …', fits: isOptimizerId };

const NAME: Field = {
  expected: 'a name of 1 to 200 characters',
  fits: (value) =>
    value === undefined || (typeof value === 'string' && value.length >= 1 && value.length <= 200),
};

const FIELDS: { readonly [Name in CommandName]: Readonly<Record<keyof Commands[Name], Field>> } = {
  ping: {},
  stop: {},
  'stop-optimizer': { optimizer: OPTIMIZER },
  pause: {},
  unpause: {},
  checkpoint: { name: NAME },
};

const BY: Field = {
  expected: 'a word of at most 40 letters',
  fits: (value) => value === undefined || (typeof value === 'string' && /^[a-z-]{1,40}$/.test(value)),
};

const REFUSALS: readonly RefusalCode[] = ['usage', 'run-directory', 'protocol-mismatch', 'internal'];
const ENVELOPE: ReadonlySet<string> = new Set(['version', 'id', 'command']);

export function isOptimizerId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** @throws {CodedError} `usage` when it is not an object in JSON */
export function parseLine(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new CodedError('usage', `expected one line of JSON, got ${describe(line)}: ${messageOf(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CodedError('usage', `expected an object, such as {"command": "ping"}, got ${describe(value)}`);
  return value as Record<string, unknown>;
}

/** By which the asker knows the answer. */
export function idOf({ id }: Readonly<Record<string, unknown>>): RequestId | undefined {
  return typeof id === 'string' || Number.isFinite(id) ? (id as RequestId) : undefined;
}

/**
 * Checks a request as what it is: a stranger's text.
 *
 * @throws {CodedError} `usage`, `protocol-mismatch`
 */
export function commandOf(request: Readonly<Record<string, unknown>>): Command {
  const { version = CONTROL_VERSION, id, command } = request;
  if (version !== CONTROL_VERSION)
    throw new CodedError(
      'protocol-mismatch',
      `this run speaks version ${CONTROL_VERSION} of the control protocol, the request version ${describe(version)}: use the glompo that started the run`,
    );
  if (id !== undefined && idOf(request) === undefined)
    throw new CodedError('usage', `id: expected a text or a number, got ${describe(id)}`);
  const known = Object.keys(FIELDS);
  if (typeof command !== 'string' || !known.includes(command))
    throw new CodedError(
      'usage',
      `command: expected one of ${known.join(', ')}, got ${describe(command)}${hint(command, known)}`,
    );
  const fields: Readonly<Record<string, Field>> = { ...FIELDS[command as CommandName], by: BY };
  const allowed = Object.keys(fields);
  for (const key of Object.keys(request))
    if (!allowed.includes(key) && !ENVELOPE.has(key))
      throw new CodedError('usage', `${command}: unknown field ${describe(key)}${hint(key, allowed)}`);
  for (const [name, { expected, fits }] of Object.entries(fields))
    if (!fits(request[name]))
      throw new CodedError(
        'usage',
        `${command}: ${name}: expected ${expected}, got ${describe(request[name])}`,
      );
  const given = ['command', ...allowed].filter((key) => request[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, request[key]])) as unknown as Command;
}

function hint(given: unknown, known: readonly string[]): string {
  const near = typeof given === 'string' ? nearest(given, known) : undefined;
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** One line, its end included. */
export function toLine(message: { readonly [key: string]: Json | undefined }): string {
  return `${JSON.stringify({ version: CONTROL_VERSION, ...message })}\n`;
}
