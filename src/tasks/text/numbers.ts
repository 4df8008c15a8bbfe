/** Fortran leaves out the letter of an exponent of three digits: `0.15-102`. */
const NUMBER =
  /(?<![\w.])[-+]?(?:(?:\d+\.\d*|\.\d+)[-+]\d{3}(?![\w.])|(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?|nan|inf(?:inity)?)(?![\w]|\.\d)/gi;
const BARE_EXPONENT = /(?<=\d\.|\.\d+)(?=[-+]\d{3}$)/;

/** `3,75`, and no more: a list of two, or a decimal comma. */
const UNCLEAR = /(?<![^\s:=])[-+]?\d+,\d+(?:[eEdD][-+]?\d+)?(?!\S)/g;

/**
 * A number as programs write it: with Fortran's exponents (`1.5D+03`, `0.15-102`), `nan` and `inf` in any case. `undefined` when it is
 * none.
 */
export function parseNumber(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  const match = /^([-+]?)(nan|inf|infinity)$/.exec(plain);
  if (match) return match[2] === 'nan' ? NaN : match[1] === '-' ? -Infinity : Infinity;
  const complete = plain.replace('d', 'e').replace(BARE_EXPONENT, 'e');
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(complete) ? Number(complete) : undefined;
}

/** All numbers in a text, in their order; a digit within a word is none. */
export function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(NUMBER)].map(([number]) => parseNumber(number) ?? NaN);
}

/** The last one, of a text of any length, unless it may be the part after a decimal comma; `undefined` when there is none. */
export function lastNumberIn(text: string): number | { readonly unclear: string } | undefined {
  for (let end = text.length; end > 0;) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    const number = [...line.matchAll(NUMBER)].at(-1);
    const unclear = [...line.matchAll(UNCLEAR)].at(-1);
    if (number && unclear && unclear.index + unclear[0].length === number.index + number[0].length)
      return { unclear: unclear[0] };
    if (number) return parseNumber(number[0]) ?? NaN;
    end = start - 1;
  }
  return undefined;
}
