import { expect, it } from 'vitest';
import { Lines } from '../../../src/backends/outside/lines.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

it('cuts what comes in any pieces into lines', () => {
  const lines = new Lines();
  const whole = bytes('one\nzwölf\n\nrest');
  const found: string[] = [];
  for (const byte of whole) found.push(...lines.add(Uint8Array.of(byte)));
  expect(found).toEqual(['one', 'zwölf', '']);
  expect(lines.rest()).toBe('rest');
});

it('keeps nothing of a line without an end, nor of what comes after', () => {
  const lines = new Lines();
  const chunk = bytes('x'.repeat(2 ** 25));
  expect(() => {
    for (let i = 0; i < 5; i++) expect([...lines.add(chunk)]).toEqual([]);
  }).toThrow(/a line is longer than 134217728 characters/);
  expect([...lines.add(bytes('more\nand more\n'))]).toEqual([]);
  expect(lines.rest()).toBe('');
});
