/** How a number is written into a text, as C's `printf` would: `%12.5e`. */
export interface NumberFormat {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: 'd' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G';
}

/** @returns nothing for a text that is no such format */
export function parseFormat(text: string): NumberFormat | undefined {
  const match = /^%([-+ 0#]*)(\d{0,3})(?:\.(\d{0,2}))?([dieEfFgG])$/.exec(text);
  if (!match) return undefined;
  const [, flags = '', width = '', precision, type = ''] = match;
  return {
    flags,
    width: Number(width),
    // `%.f` is `%.0f`.
    precision: precision === undefined ? undefined : Number(precision),
    type: (type === 'i' ? 'd' : type) as NumberFormat['type'],
  };
}

/**
 * @param format the shortest text that reads back as the same number when not given
 * @see C17 7.21.6.1; a number that is exactly halfway is rounded up, where C rounds it to an even digit
 */
export function formatNumber(value: number, format?: NumberFormat): string {
  if (!format) return Object.is(value, -0) ? '-0' : String(value);
  const { flags, width, type } = format;
  // An integer has no -0.
  const isNegative = type === 'd' ? value <= -0.5 : value < 0 || Object.is(value, -0);
  const sign = isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const body = bodyOf(Math.abs(value), format);
  const cased = type === 'E' || type === 'G' ? body.toUpperCase() : body;
  const room = width - sign.length - cased.length;
  if (room <= 0) return sign + cased;
  if (flags.includes('-')) return sign + cased + ' '.repeat(room);
  if (flags.includes('0')) return sign + '0'.repeat(room) + cased;
  return ' '.repeat(room) + sign + cased;
}

/** Of a number >= 0. */
function bodyOf(value: number, { flags, precision, type }: NumberFormat): string {
  switch (type) {
    case 'd':
      return fixed(Math.round(value), 0);
    case 'e':
    case 'E':
      return exponential(value, precision ?? 6);
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case 'g':
    case 'G':
      return general(value, precision ?? 6, flags.includes('#'));
  }
}

/** C writes exponents with two digits at least. */
function exponential(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e');
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

function fixed(value: number, digits: number): string {
  // Above 1e21 `toFixed` would fall back to exponents; such a number is an integer.
  if (value >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  return value.toFixed(digits);
}

function general(value: number, precision: number, keepsZeros: boolean): string {
  const significant = Math.max(1, precision);
  const exponent = value === 0 ? 0 : Number(value.toExponential(significant - 1).split('e')[1]);
  const isPlain = exponent >= -4 && exponent < significant;
  const text = isPlain ? fixed(value, significant - 1 - exponent) : exponential(value, significant - 1);
  if (keepsZeros || !text.includes('.')) return text;
  const [mantissa = '', tail] = text.split('e');
  const short = mantissa.replace(/\.?0+$/, '');
  return tail === undefined ? short : `${short}e${tail}`;
}
