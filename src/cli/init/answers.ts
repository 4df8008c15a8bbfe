import { InvalidArgumentError } from 'commander';
import type { StarterParameter } from '../../config/starter.ts';
import { nearest } from '../../core/nearest.ts';
import { benchmarks } from '../../tasks/benchmarks/registry.ts';
import { wordsOf } from './words.ts';

// What is asked and what is given as flags is read by the same functions; what they throw says what was expected.

export type TaskAnswer =
  | { readonly kind: 'module'; readonly file: string }
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  | { readonly kind: 'python'; readonly file: string; readonly name: string }
  | { readonly kind: 'benchmark'; readonly name: string };

export const KINDS = ['module', 'command', 'python', 'benchmark'] as const;

/** `module:FILE`, `command`, `python:FILE:FUNCTION` or `benchmark:NAME`. */
export function parseTask(text: string): TaskAnswer | 'command' {
  const [kind = '', ...rest] = text.split(':');
  const of = rest.join(':');
  if (kind === 'command' && of === '') return 'command';
  if (kind === 'module' && of !== '') return { kind, file: parseModule(of) };
  if (kind === 'python' && of !== '') return parsePython(of);
  if (kind === 'benchmark' && of !== '') return { kind, name: parseBenchmark(of) };
  throw new InvalidArgumentError(
    `expected module:FILE, command (with --command), python:FILE:FUNCTION or benchmark:NAME, got ${text || 'nothing'}`,
  );
}

export function parseModule(file: string): string {
  if (/\.[cm]?[jt]s$/.test(file)) return file;
  throw new InvalidArgumentError(`expected a .ts, .js or .mjs file, got ${file || 'nothing'}`);
}

export function parsePython(text: string): TaskAnswer {
  const [, file, name] = /^(.+\.py)(?::([\p{L}_][\p{L}\p{N}_]*))?$/su.exec(text) ?? [];
  if (file === undefined)
    throw new InvalidArgumentError(`expected file.py:function or file.py, got ${text || 'nothing'}`);
  return { kind: 'python', file, name: name ?? '' };
}

export function parseBenchmark(name: string): string {
  if (benchmarks.has(name)) return name;
  const near = nearest(name, benchmarks.names());
  const advice = near ? `did you mean ${near}?` : '`glompo list benchmarks` names them';
  throw new InvalidArgumentError(`expected the name of a benchmark, got ${name || 'nothing'}; ${advice}`);
}

export function parseCommand(text: string): TaskAnswer {
  const argv = wordsOf(text);
  if (!argv) throw new InvalidArgumentError(`expected a quote to be closed in ${text}`);
  if (argv.length === 0) throw new InvalidArgumentError('expected a program and its arguments, got nothing');
  return { kind: 'command', argv };
}

/** `name:min:max`, with `log` or `integer` or both behind. */
export function parseParameter(text: string): StarterParameter {
  const refuse = (expected: string, got = text): never => {
    throw new InvalidArgumentError(`expected ${expected}, got ${got || 'nothing'}`);
  };
  const [, name = '', low = '', high = '', marks = ''] =
    /^(.+?):([^:]*):([^:]*)((?::[a-z]*)*)$/s.exec(text) ??
    refuse('name:min:max, name:min:max:log or name:min:max:integer');
  const [min, max] = [low, high].map((bound) =>
    bound.trim() !== '' && Number.isFinite(Number(bound))
      ? Number(bound)
      : refuse('a number as a bound', bound),
  ) as [number, number];
  if (min >= max) refuse(`a number > min (${min}) as max`, high);
  const marked = marks.split(':').slice(1);
  for (const mark of marked)
    if (mark !== 'log' && mark !== 'integer') refuse('log or integer behind the bounds', mark);
  const isLog = marked.includes('log');
  const isInteger = marked.includes('integer');
  if (isLog && min <= 0) refuse('a number > 0 as min, as the scale is log', low);
  if (isInteger && !(Number.isSafeInteger(min) && Number.isSafeInteger(max)))
    refuse('integers as bounds', `${low} and ${high}`);
  return {
    name: name.trim(),
    min,
    max,
    ...(isLog ? { scale: 'log' } : {}),
    ...(isInteger ? { type: 'integer' } : {}),
  };
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError(`expected an integer >= 1, got ${text || 'nothing'}`);
}
