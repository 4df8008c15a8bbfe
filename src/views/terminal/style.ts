import pc from 'picocolors';

/** What a line is, and so how it looks. */
export type Tone = 'plain' | 'strong' | 'faint' | 'warning';

export interface Line {
  readonly text: string;
  readonly tone: Tone;
}

/** What a terminal can show. */
export interface TerminalStyle {
  /** Whether characters beside those of ASCII arrive as what they are. */
  readonly isUnicode: boolean;
  readonly hasColors: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of a stream. `NO_COLOR` wins over `FORCE_COLOR`, as https://no-color.org has it. */
export function styleOf(stream: { readonly isTTY?: boolean }, env: Environment): TerminalStyle {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return { isUnicode: /utf-?8/i.test(locale ?? ''), hasColors: hasColors(stream, env) };
}

function hasColors({ isTTY = false }: { readonly isTTY?: boolean }, env: Environment): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force } = env;
  if (no !== '') return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}

/** @returns what paints a line; it takes no more columns by that */
export function painter({ hasColors: isOn }: TerminalStyle): (line: Line) => string {
  const { bold, dim, yellow } = pc.createColors(isOn);
  return ({ text, tone }) => {
    switch (tone) {
      case 'strong':
        return bold(text);
      case 'faint':
        return dim(text);
      case 'warning':
        return yellow(text);
      case 'plain':
        return text;
    }
  };
}
