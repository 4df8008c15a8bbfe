import { clip, describe } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { ProtocolFault } from './fault.ts';
import { type WorkerMessage, type WorkerReply, WORKER_PROTOCOL } from './messages.ts';
import { numberOf, numbersOf, parseJson } from './numbers.ts';

/** What a reply may have besides its id. */
const REPLY_KEYS = [
  'value',
  'residuals',
  'gradient',
  'extras',
  'violation',
  'censored',
  'error',
  'seconds',
] as const;
const READY_KEYS = ['batch', 'cancel', 'heartbeat', 'encoding'] as const;

/**
 * Reads a line that a worker wrote, which may be anything.
 *
 * @throws {ProtocolFault}
 */
export function readMessage(line: string): WorkerMessage {
  const message = objectOf(line);
  if ('ready' in message) return readReady(message);
  if ('beat' in message) return { kind: 'beat' };
  if ('id' in message) return { kind: 'replies', replies: [readReply(message)] };
  if ('ids' in message) return { kind: 'replies', replies: readValues(message) };
  if ('error' in message) return { kind: 'unfit', message: readError(message['error']).message };
  throw new ProtocolFault(
    `its line is no message of the protocol, which begins with ready, id or ids: ${shown(line)}`,
  );
}

function objectOf(line: string): JsonObject {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch {
    throw new ProtocolFault(`its line is no JSON: ${shown(line)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new ProtocolFault(`its line is no JSON object: ${shown(line)}`);
}

function readReady({ ready, ...rest }: JsonObject): WorkerMessage {
  if (ready !== WORKER_PROTOCOL)
    throw new ProtocolFault(
      `it speaks version ${describe(ready)} of the protocol, this glompo version ${WORKER_PROTOCOL}`,
    );
  refuseUnknown(rest, READY_KEYS, 'ready');
  const { batch = false, cancel = false, heartbeat, encoding = 'json' } = rest;
  if (typeof batch !== 'boolean') throw unexpected('batch', batch, 'true or false');
  if (typeof cancel !== 'boolean') throw unexpected('cancel', cancel, 'true or false');
  if (encoding !== 'json' && encoding !== 'base64') throw unexpected('encoding', encoding, 'json or base64');
  if (heartbeat === undefined) return { kind: 'ready', abilities: { batch, cancel, encoding } };
  if (typeof heartbeat !== 'number' || !(heartbeat > 0 && heartbeat <= 86_400))
    throw unexpected('heartbeat', heartbeat, 'seconds in (0, 86400]');
  return { kind: 'ready', abilities: { batch, cancel, encoding, heartbeatSeconds: heartbeat } };
}

function readReply({ id, ...rest }: JsonObject): WorkerReply {
  if (typeof id !== 'number') throw unexpected('id', id, 'the number of a request');
  refuseUnknown(rest, REPLY_KEYS, 'a reply');
  const { seconds, error, value, residuals, gradient, extras, violation, censored } = rest;
  const base = { id, seconds: secondsOf(seconds) };
  if (error !== undefined && error !== null) {
    const { message, retry } = readError(error);
    return { ...base, returned: { failed: message, retry } };
  }
  // `null` is how some languages write that there is none.
  const given = Object.entries({
    value: numberOf(value),
    residuals: blocksOf(residuals),
    gradient: numbersOf(gradient),
    extras,
    violation: numberOf(violation),
    censored,
  }).filter(([name, part]) => part !== undefined && (part !== null || name === 'value'));
  return { ...base, returned: Object.fromEntries(given) };
}

/** Many values in one line: those of evaluations that have a value and nothing else. */
function readValues({ ids, ...rest }: JsonObject): readonly WorkerReply[] {
  refuseUnknown(rest, ['values', 'seconds'], 'replies');
  const values = numbersOf(rest['values']);
  const seconds = numbersOf(rest['seconds']);
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'number'))
    throw unexpected('ids', ids, 'a list of numbers of requests');
  if (!isListOf(values, ids.length)) throw unexpected('values', values, `a list of ${ids.length} numbers`);
  if (seconds !== undefined && !isListOf(seconds, ids.length))
    throw unexpected('seconds', seconds, `a list of ${ids.length} numbers`);
  return ids.map((id, i) => ({
    id,
    returned: values[i]!,
    seconds: seconds && secondsOf(seconds[i]),
  }));
}

function isListOf(value: unknown, length: number): value is ArrayLike<number> {
  if (value instanceof Float64Array) return value.length === length;
  return Array.isArray(value) && value.length === length && value.every((item) => typeof item === 'number');
}

/** Residuals: a list, or lists by name. */
function blocksOf(residuals: Json | undefined): unknown {
  if (typeof residuals !== 'object' || residuals === null || Array.isArray(residuals))
    return numbersOf(residuals);
  return Object.fromEntries(Object.entries(residuals).map(([name, block]) => [name, numbersOf(block)]));
}

function secondsOf(seconds: Json | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds < Infinity))
    throw unexpected('seconds', seconds, 'a finite number >= 0');
  return seconds;
}

function readError(error: Json | undefined): { readonly message: string; readonly retry: boolean } {
  if (typeof error === 'string') return { message: error, retry: false };
  if (typeof error === 'object' && error !== null && !Array.isArray(error)) {
    const { message, retry = false, ...rest } = error as JsonObject;
    refuseUnknown(rest, [], 'error', ['message', 'retry']);
    if (typeof message === 'string' && typeof retry === 'boolean') return { message, retry };
  }
  throw unexpected('error', error, 'a text or { message, retry? }');
}

function refuseUnknown(
  rest: JsonObject,
  known: readonly string[],
  where: string,
  names: readonly string[] = known,
): void {
  const unknown = Object.keys(rest).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearest(unknown, names);
  throw new ProtocolFault(
    `it wrote ${JSON.stringify(clip(unknown, 60))} in ${where}${near === undefined ? `, which has ${names.join(', ')}` : `; did you mean ${near}?`}`,
  );
}

function unexpected(name: string, value: unknown, expected: string): ProtocolFault {
  return new ProtocolFault(`it wrote ${name} ${describe(value)}, expected ${expected}`);
}

function shown(line: string): string {
  return JSON.stringify(clip(line.trim(), 100));
}
