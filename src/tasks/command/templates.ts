import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { type Fill, fill, parsePlaceholders, type Placeholders } from '../text/placeholders.ts';
import type { TemplateFile } from './spec.ts';

/** A file to be made for each evaluation. */
export interface Template {
  readonly to: string;
  readonly parts: Placeholders;
  /** As its model: a script stays executable. */
  readonly mode: number;
}

/** @returns the template, and what is wrong with it: `3:5 unknown parameter foo` */
export function readTemplate(
  { from, to }: TemplateFile,
  names: readonly string[],
): { readonly template: Template; readonly faults: readonly string[] } | { readonly fault: string } {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(from, 'utf8');
    mode = statSync(from).mode & 0o777;
  } catch (error) {
    return { fault: `cannot read the template ${from}: ${messageOf(error)}` };
  }
  const { parts, faults } = parsePlaceholders(text, 'files', names);
  return {
    template: { to, parts, mode },
    faults: faults.map(({ message, index }) => `${from}:${positionOf(text, index)} ${message}`),
  };
}

/** Writes the file that it makes of these values into a directory. */
export function writeTemplate({ to, parts, mode }: Template, directory: string, values: Fill): void {
  const file = path.join(directory, to);
  if (path.dirname(to) !== '.') mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, fill(parts, values), { mode: mode | 0o200 });
}

function positionOf(text: string, index: number): string {
  const before = text.slice(0, index).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}
