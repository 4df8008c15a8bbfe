import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/tasks/worker/lines.ts';

/** All lines of `bytes`, which come in pieces of these lengths. */
function split(bytes: Buffer, lengths: readonly number[], splitter = new LineSplitter()): string[] {
  const lines: string[] = [];
  let at = 0;
  for (const length of [...lengths, bytes.length]) {
    splitter.push(bytes.subarray(at, at + length), (line) => lines.push(line));
    at += length;
  }
  return lines;
}

describe('what a worker writes', () => {
  it('is the same lines in whatever pieces it comes', () => {
    const text = fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\n', ' '));
    fc.assert(
      fc.property(fc.array(text), fc.array(fc.nat(20)), (lines, lengths) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        expect(split(bytes, lengths)).toEqual(lines.filter((line) => line.trim() !== ''));
      }),
    );
  });

  it('may end lines as Windows does, and have empty ones', () => {
    expect(split(Buffer.from('{}\r\n\r\n\n{}\r\n'), [])).toEqual(['{}\r', '{}\r']);
  });

  it('is kept when it is no whole line', () => {
    const splitter = new LineSplitter();
    expect(split(Buffer.from('{}\n{"id'), [], splitter)).toEqual(['{}']);
    expect(splitter.rest).toBe('{"id');
  });

  it('is at fault when a line is too long, ended or not, or no UTF-8', () => {
    expect(() => split(Buffer.from('12345678901\n'), [], new LineSplitter(10))).toThrow(
      'its line is longer than',
    );
    expect(() => split(Buffer.from('12345678901'), [5], new LineSplitter(10))).toThrow(
      'its line is longer than',
    );
    expect(split(Buffer.from('1234567890\n1234567890\n'), [5], new LineSplitter(10))).toHaveLength(2);
    expect(() => split(Buffer.from([0xff, 0xfe, 10]), [])).toThrow('its line is not UTF-8: "ÿþ"');
  });
});
