import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/control/lines.ts';
import { MAX_LINE_BYTES } from '../../src/control/protocol.ts';

async function gather(pieces: readonly Buffer[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(Readable.from(pieces) as AsyncIterable<Buffer>)) lines.push(line);
  return lines;
}

describe('lines', () => {
  it('are the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const bytes = Buffer.from(lines.join('\n'));
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const expected = bytes
            .toString('utf8')
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== '');
          expect(await gather(pieces)).toEqual(expected);
        },
      ),
    );
  });

  it.each([
    ['with an end', [`${'x'.repeat(MAX_LINE_BYTES + 1)}\n`]],
    ['whose end never comes', ['short\n', 'x'.repeat(MAX_LINE_BYTES), 'x']],
  ])('that are too long are refused: one %s', async (_, pieces) => {
    await expect(gather(pieces.map((piece) => Buffer.from(piece)))).rejects.toThrow(
      `expected a line of at most ${MAX_LINE_BYTES} bytes, got a longer one`,
    );
  });

  it('may come many at a time', async () => {
    const line = 'x'.repeat(100);
    expect(await gather([Buffer.from(`${line}\n`.repeat(1000))])).toHaveLength(1000);
  });
});
