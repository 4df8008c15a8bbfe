import { describe, expect, it } from 'vitest';
import { feedProgram } from '../../src/processes/feed-program.ts';

const node = process.execPath;

function* chunks(count: number, size: number): Generator<Uint8Array, void> {
  for (let i = 0; i < count; i++) yield new Uint8Array(size).fill(i);
}

describe('a program that is fed', () => {
  it('gets every byte, however slowly it reads', async () => {
    const program =
      'let n = 0; process.stdin.on("data", (c) => { n += c.length; process.stdin.pause(); setTimeout(() => process.stdin.resume(), 1); }).on("end", () => console.log(n));';
    const { exitCode, stdout } = await feedProgram([node, '-e', program], chunks(40, 100_000));
    expect([exitCode, stdout]).toEqual([0, '4000000']);
  });

  it('is missing when there is none, which is said and not thrown', async () => {
    expect(await feedProgram(['no-such-program-here'], chunks(3, 10))).toMatchObject({ isMissing: true });
  });

  it('may end before it has read all, and says why', async () => {
    const end = await feedProgram(
      [node, '-e', 'console.error("no room"); process.exit(3)'],
      chunks(1000, 100_000),
    );
    expect(end).toMatchObject({ isMissing: false, exitCode: 3, stderr: 'no room' });
  });

  it('ends when it is told to, and its input is made no further', async () => {
    const interruption = new AbortController();
    let made = 0;
    function* endless(): Generator<Uint8Array, void> {
      for (;;) {
        if (made++ === 5) interruption.abort();
        yield new Uint8Array(1000);
      }
    }
    const end = await feedProgram([node, '-e', 'process.stdin.resume()'], endless(), interruption.signal);
    expect(end.exitCode).not.toBe(0);
    expect(made).toBeLessThan(10);
  });
});
