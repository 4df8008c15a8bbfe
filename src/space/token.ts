/** One piece of the text of an expression. */
export interface Token {
  readonly kind: 'number' | 'name' | 'quoted' | 'sign' | 'other' | 'end';
  /** Without the backticks of a quoted name. */
  readonly text: string;
  /** Where it stands in the text, from 0. */
  readonly at: number;
  /** Where what follows it begins. */
  readonly end: number;
}

const PIECE =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|`(?<quoted>[^`]+)`|(?<sign>\*\*|[<>=]=|[-+*/^(),<>=])|(?<other>\S))/uy;

export function readToken(text: string, from: number): Token {
  PIECE.lastIndex = from;
  const match = PIECE.exec(text);
  const found = Object.entries(match?.groups ?? {}).find(([, piece]) => piece !== undefined);
  if (!match || !found) return { kind: 'end', text: '', at: text.length, end: text.length };
  const [kind, piece] = found as [Token['kind'], string];
  const end = from + match[0].length;
  return { kind, text: piece, at: end - match[0].trimStart().length, end };
}
