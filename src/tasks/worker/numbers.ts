const IS_BIG_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

/** How numbers are written that JSON has no word for. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/**
 * The shortest decimals that read back as the same float64. -0 is written with a point, since many a reader of JSON takes `-0` for an
 * integer, of which there is but one zero.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return value === 0 && 1 / value < 0 ? '-0.0' : String(value);
}

export function listText(values: Float64Array): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + numberText(values[i]!);
  return `${text}]`;
}

/** Little-endian float64s in base64. */
export function toBase64(values: Float64Array): string {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return (IS_BIG_ENDIAN ? Buffer.from(bytes).swap64() : bytes).toString('base64');
}

/** @returns `undefined` when it is not whole float64s in base64 */
export function fromBase64(text: string): Float64Array | undefined {
  // Node skips what is not base64.
  if (text.length % 4 !== 0 || !/^[\w+/]*={0,2}$/.test(text) || text.includes('_')) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 8 !== 0) return undefined;
  if (IS_BIG_ENDIAN) bytes.swap64();
  const values = new Float64Array(bytes.length / 8);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/** A number as a worker wrote it; anything else as it is. */
export function numberOf(value: unknown): unknown {
  return typeof value === 'string' ? (WORDS.get(value) ?? value) : value;
}

/** A list of numbers as a worker wrote it; anything else as it is. */
export function numbersOf(value: unknown): unknown {
  if (typeof value === 'string') return fromBase64(value) ?? value;
  return Array.isArray(value) && value.some((item) => typeof item === 'string') ? value.map(numberOf) : value;
}

/** Stands for a number that JSON has no word for, between two readings of a line. */
const MARK = '\u0000number ';

/**
 * Reads JSON in which `NaN`, `inf` and their like stand bare, as several languages write them, beside that which is JSON.
 *
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    let isBare = false;
    // The end of a text is optional, so that each character is looked at once, whatever stands there.
    const marked = text.replaceAll(
      /"(?:[^"\\]|\\.)*"?|(-?)\b(nan|inf(?:inity)?)\b/gi,
      (whole: string, sign: string, word?: string) => {
        if (word === undefined) return whole;
        isBare = true;
        return JSON.stringify(
          `${MARK}${word.startsWith('n') || word.startsWith('N') ? 'NaN' : `${sign}Infinity`}`,
        );
      },
    );
    if (!isBare) throw error;
    return JSON.parse(marked, (_key, value: unknown) =>
      typeof value === 'string' && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
    );
  }
}
