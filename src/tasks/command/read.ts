import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { clip, messageOf } from '../../core/errors.ts';
import { type Json, textOf } from '../../core/json.ts';
import type { TaskResult } from '../contract.ts';
import { Failure } from '../failure.ts';
import { atJsonPath, findJson, parseJsonPath } from '../text/json.ts';
import { lastNumberIn, numbersIn, parseNumber } from '../text/numbers.ts';
import type { Reading, Readings } from './spec.ts';

/** What a program left to be read. */
export interface Left {
  readonly stdout: string;
  /** How many bytes of its output are missing in front. */
  readonly cutBytes: number;
  readonly directory: string;
}

/** Larger files are not read: a value is not to be found in them by reading all of them into memory. */
const LARGEST_FILE = 256 * 2 ** 20;

/**
 * What a program said, as a task returns it.
 *
 * @throws {Failure} when something is not there
 */
export function readAll(readings: Readings, left: Left): TaskResult {
  const { value, residuals, gradient, violation, censored, extras } = readings;
  const texts = new Texts(left);
  const number = (reading: Reading, what: string): number => numberOf(texts, reading, what);
  const list = (reading: Reading, what: string): readonly number[] => listOf(texts, reading, what);
  return {
    ...(value ? { value: number(value, 'value') } : {}),
    ...(residuals ? { residuals: residualsOf(residuals, list) } : {}),
    ...(gradient ? { gradient: list(gradient, 'gradient') } : {}),
    ...(violation ? { violation: number(violation, 'violation') } : {}),
    ...(censored && isSet(texts, censored) ? { censored: true } : {}),
    ...(extras
      ? {
          extras: Object.fromEntries(
            Object.entries(extras).map(([name, reading]) => [name, extraOf(texts, reading, name)]),
          ),
        }
      : {}),
  };
}

function residualsOf(
  readings: NonNullable<Readings['residuals']>,
  list: (reading: Reading, what: string) => readonly number[],
): NonNullable<TaskResult['residuals']> {
  if (isReading(readings)) return list(readings, 'residuals');
  return Object.fromEntries(
    Object.entries(readings).map(([block, reading]) => [block, list(reading, `residuals.${block}`)]),
  );
}

function isReading(readings: NonNullable<Readings['residuals']>): readings is Reading {
  return typeof readings.kind === 'string';
}

/** What was printed and written, each read once. */
class Texts {
  readonly #left: Left;
  readonly #files = new Map<string, string>();

  constructor(left: Left) {
    this.#left = left;
  }

  of({ file }: Reading, what: string): string {
    if (file === undefined) return this.#left.stdout;
    let text = this.#files.get(file);
    if (text === undefined) {
      const full = path.resolve(this.#left.directory, file);
      try {
        const { size } = statSync(full);
        if (size > LARGEST_FILE) throw new Error(`it has ${size} bytes, more than ${LARGEST_FILE}`);
        text = readFileSync(full, 'utf8');
      } catch (error) {
        throw new Failure(`${what}: cannot read ${file}: ${messageOf(error)}`);
      }
      this.#files.set(file, text);
    }
    return text;
  }

  /** `its output` or the file's name, and what may be the matter. */
  name({ file }: Reading): string {
    if (file !== undefined) return file;
    const { stdout, cutBytes } = this.#left;
    if (stdout.trim() === '') return 'its output, which is empty';
    const cut = cutBytes > 0 ? ` (cut: the first ${cutBytes} bytes were too much, see maxOutputBytes)` : '';
    return `its output${cut}, which ends: ${clipEnd(stdout)}`;
  }
}

const SHOWN = 120;

function clipEnd(text: string): string {
  const trimmed = text.trim().replaceAll(/\s*\n\s*/g, ' | ');
  return trimmed.length > SHOWN ? `…${trimmed.slice(-SHOWN)}` : trimmed;
}

function numberOf(texts: Texts, reading: Reading, what: string): number {
  const found = find(texts, reading, what);
  const number = typeof found === 'string' ? parseNumber(found) : found;
  if (typeof number !== 'number')
    throw new Failure(`${what}: expected a number in ${texts.name(reading)}, got ${shown(found)}`);
  return number;
}

function listOf(texts: Texts, reading: Reading, what: string): readonly number[] {
  const found = find(texts, reading, what);
  const numbers = (Array.isArray(found) ? found : [found]).map((item: Json) =>
    typeof item === 'string' ? parseNumber(item) : item,
  );
  if (!numbers.every((number) => typeof number === 'number'))
    throw new Failure(`${what}: expected numbers in ${texts.name(reading)}, got ${shown(found)}`);
  return numbers;
}

/** Whether something is there that says yes. */
function isSet(texts: Texts, reading: Reading): boolean {
  try {
    const found = find(texts, reading, 'censored');
    return found !== false && found !== null && !['0', 'false', ''].includes(textOf(found));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** A number if it looks like one, else what is there. */
function extraOf(texts: Texts, reading: Reading, name: string): Json {
  const found = find(texts, reading, `extras.${name}`);
  const number = typeof found === 'string' ? parseNumber(found) : undefined;
  return number === undefined || !Number.isFinite(number) ? found : number;
}

/** @throws {Failure} when there is nothing */
function find(texts: Texts, reading: Reading, what: string): Json {
  const text = texts.of(reading, what);
  const nothing = (sought: string): Failure =>
    new Failure(`${what}: there is no ${sought} in ${texts.name(reading)}`);
  switch (reading.kind) {
    case 'last-number': {
      const number = lastNumberIn(text);
      if (number === undefined) throw nothing('number');
      if (typeof number === 'object')
        throw new Failure(
          `${what}: ${number.unclear} in ${texts.name(reading)}: a decimal comma, or two numbers? Say LC_ALL: C in environment.set, or what to read with a pattern`,
        );
      return number;
    }
    case 'numbers': {
      const numbers = numbersIn(text);
      if (numbers.length === 0) throw nothing('number');
      return numbers;
    }
    case 'pattern': {
      const match = [...text.matchAll(new RegExp(reading.pattern, 'gm'))].at(-1);
      if (!match) throw nothing(`match of ${reading.pattern}`);
      return match[1] ?? match[0];
    }
    case 'json': {
      const parsed = findJson(text);
      if ('fault' in parsed)
        throw new Failure(`${what}: no JSON in ${texts.name(reading)} (${parsed.fault})`);
      const found = atJsonPath(parsed.json, parseJsonPath(reading.path) ?? []);
      if (found === undefined) throw nothing(reading.path);
      return found;
    }
  }
}

function shown(value: Json): string {
  return clip(JSON.stringify(value), SHOWN);
}
