import { InvalidArgumentError } from 'commander';

/** No list of numbers is longer. */
const MOST = 100_000;

/** `1-5,15`: whole numbers and ranges of them, each once. */
export function parseNumbers(text: string): readonly number[] {
  return parseWords(text).map((word) => {
    if (!/^\d+$/.test(word)) throw new InvalidArgumentError(`expected numbers such as 1-5,15, got ${text}`);
    return Number(word);
  });
}

/** The same, where there may be names too. */
export function parseWords(text: string): readonly string[] {
  const words = text.split(',').flatMap((part) => {
    const word = part.trim();
    if (word === '') throw new InvalidArgumentError(`expected a list such as 1-5,15, got ${text}`);
    const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(word) ?? [];
    if (from === undefined || to === undefined) return [word];
    const count = Number(to) - Number(from) + 1;
    if (count < 1 || count > MOST)
      throw new InvalidArgumentError(
        `expected a range of up to ${MOST} numbers, the least first, got ${word}`,
      );
    return Array.from({ length: count }, (_, i) => String(Number(from) + i));
  });
  return [...new Set(words)];
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1e9)
    throw new InvalidArgumentError(`expected a whole number, 1 or more, got ${text}`);
  return count;
}
