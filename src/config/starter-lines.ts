import { stringify } from 'yaml';
import type { Json } from '../core/json.ts';
import type { OptionsSchema } from '../core/options.ts';

/**
 * Some options of a section with what they mean, those that are given and the others as comments.
 *
 * @param examples by key, in order: what is shown where there is no default
 */
export function options(
  { properties }: OptionsSchema,
  examples: Readonly<Record<string, Json>>,
  given: Readonly<Record<string, Json | undefined>> = {},
  indent = '  ',
): readonly string[] {
  return Object.entries(examples).map(([key, example]) => {
    const option = properties[key];
    const value = given[key] ?? option?.default ?? example;
    const note = option
      ? ` # ${option.description}`
      : key === 'onFailure'
        ? ' # what a failed evaluation is told as; or abort, or { recover: 1.0e+9 }'
        : '';
    return `${indent}${given[key] === undefined ? '#' : ''}${key}: ${flow(value)}${note}`;
  });
}

/** @param depth so many levels are in lines of their own */
export function commented(value: unknown, depth: number): readonly string[] {
  return block(value, depth).map((line) => `#${line}`);
}

function block(value: unknown, depth: number): readonly string[] {
  if (Array.isArray(value)) return value.map((item) => `- ${flow(item)}`);
  return Object.entries(value as object).flatMap(([key, item]: [string, unknown]) =>
    depth > 0 && typeof item === 'object' && item !== null
      ? [`${key}:`, ...block(item, depth - 1).map((line) => `  ${line}`)]
      : [`${key}: ${flow(item)}`],
  );
}

/** A value in one line. */
export function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trim();
}
