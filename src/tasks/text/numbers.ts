const NUMBER = /(?<![\w.])[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?|nan|inf(?:inity)?)(?![\w]|\.\d)/gi;

/** A number as programs write it: with Fortran's exponents (`1.5D+03`), `nan` and `inf` in any case. `undefined` when it is none. */
export function parseNumber(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  const match = /^([-+]?)(nan|inf|infinity)$/.exec(plain);
  if (match) return match[2] === 'nan' ? NaN : match[1] === '-' ? -Infinity : Infinity;
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[ed][-+]?\d+)?$/.test(plain)) return undefined;
  return Number(plain.replace('d', 'e'));
}

/** All numbers in a text, in their order; a digit within a word is none. */
export function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(NUMBER)].map(([number]) => parseNumber(number) ?? NaN);
}

/** The last one, of a text of any length; `undefined` when there is none. */
export function lastNumberIn(text: string): number | undefined {
  for (let end = text.length; end > 0;) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const number = numbersIn(text.slice(start, end)).at(-1);
    if (number !== undefined) return number;
    end = start - 1;
  }
  return undefined;
}
