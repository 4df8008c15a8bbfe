import { nearest } from '../../core/nearest.ts';
import { formatNumber, type NumberFormat, parseFormat } from './number-format.ts';

/** A text with places for values in it. */
export type Placeholders = readonly (string | Place)[];

interface Place {
  readonly name: string;
  readonly format: NumberFormat | undefined;
}

/** A place that cannot be filled. */
export interface PlaceFault {
  readonly message: string;
  /** Where in the text, from 0. */
  readonly index: number;
}

/** What may stand in a text besides parameters. */
const SPECIALS = ['@directory', '@config', '@optimizer', '@candidate', '@seed'] as const;

type Special = (typeof SPECIALS)[number];

/** What is filled in for one evaluation. */
export interface Fill {
  readonly parameters: Readonly<Record<string, number>>;
  readonly specials: Readonly<Record<Special, string>>;
}

/**
 * How places are marked: in arguments `{name}`, which is common, and where `{{name}}` is the text `{name}`; in files `{{name}}`, as braces
 * mean something in many of them, and where `{{{{` is the text `{{`.
 */
export type Marks = 'arguments' | 'files';

const PATTERNS: Readonly<Record<Marks, RegExp>> = {
  arguments: /\{\{([^{}]*)\}\}|\{([^{}]*)\}/g,
  files: /(\{\{\{\{)|\{\{([^{}]*)\}\}/g,
};

/** Finds the places in a text. What is in braces and looks like nobody's name stays as it is: `{print $1}`. */
export function parsePlaceholders(
  text: string,
  marks: Marks,
  names: readonly string[],
): { readonly parts: Placeholders; readonly faults: readonly PlaceFault[] } {
  const parts: (string | Place)[] = [];
  const faults: PlaceFault[] = [];
  let at = 0;
  for (const match of text.matchAll(PATTERNS[marks])) {
    const [whole, literal, inner] = match;
    if (literal !== undefined) {
      parts.push(text.slice(at, match.index), marks === 'files' ? '{{' : `{${literal}}`);
      at = match.index + whole.length;
      continue;
    }
    const found = placeOf(inner ?? '', names);
    if (found === undefined) continue;
    if ('message' in found) faults.push({ ...found, index: match.index });
    else {
      parts.push(text.slice(at, match.index), found);
      at = match.index + whole.length;
    }
  }
  parts.push(text.slice(at));
  return { parts: parts.filter((part) => part !== ''), faults };
}

export function fill(parts: Placeholders, { parameters, specials }: Fill): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const { name, format } = part;
      return Object.hasOwn(specials, name)
        ? specials[name as Special]
        : formatNumber(parameters[name]!, format);
    })
    .join('');
}

function placeOf(inner: string, names: readonly string[]): Place | { readonly message: string } | undefined {
  const trimmed = inner.trim();
  const known = [...names, ...SPECIALS];
  if (known.includes(trimmed)) return { name: trimmed, format: undefined };
  const colon = trimmed.lastIndexOf(':');
  const name = trimmed.slice(0, Math.max(0, colon)).trim();
  if (names.includes(name)) {
    const written = trimmed.slice(colon + 1).trim();
    const format = parseFormat(written);
    return format
      ? { name, format }
      : { message: `unknown number format ${written}, expected one of C's printf: %.6f, %12.5e, %g, %d` };
  }
  // Only what could be meant as a name is taken for a mistake.
  if (!/^@?[A-Za-z_][\w.-]*(:%.*)?$/.test(trimmed)) return undefined;
  const near = nearest(trimmed.replace(/:.*$/, ''), known);
  return { message: `unknown parameter ${trimmed}${near === undefined ? '' : `; did you mean ${near}?`}` };
}
