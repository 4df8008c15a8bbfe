import { CodedError } from '../core/errors.ts';
import { MAX_LINE_BYTES } from './protocol.ts';

const NEWLINE = 0x0a;

/**
 * The lines of a stream of bytes, without their ends; what follows the last end is a line too. Empty ones are left out.
 *
 * @throws {CodedError} `usage` when a line is too long
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const line = textOf(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      if (line !== '') yield line;
    }
    // Not only at the end of the line, which may never come.
    requireLength(rest);
  }
  const line = textOf(rest);
  if (line !== '') yield line;
}

function textOf(bytes: Buffer): string {
  requireLength(bytes);
  return bytes.toString('utf8').trim();
}

function requireLength({ length }: Buffer): void {
  if (length > MAX_LINE_BYTES)
    throw new CodedError('usage', `expected a line of at most ${MAX_LINE_BYTES} bytes, got a longer one`);
}
