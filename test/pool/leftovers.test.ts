import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/core/errors.ts';
import { Pool } from '../../src/pool.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const url = new URL('../../src/pool.ts', import.meta.url).href;
const endless = (x: number): number => {
  // oxlint-disable-next-line eslint/no-unmodified-loop-condition -- it never ends
  while (x > 0);
  return x;
};

describe('after a pool', () => {
  it('no process is left, whatever its calls are at', async () => {
    using marked = new Marked();
    const pool = new Pool({ backend: 'processes', workers: 2 });
    const calls = pool.imapUnordered(endless, [0, 1]);
    await calls.next();
    expect(marked.alive().length).toBeGreaterThanOrEqual(2);
    const pending = calls.next().catch(messageOf);
    await pool[Symbol.asyncDispose]();
    expect(await pending).toBe('the pool was closed');
    expect(await marked.gone(2000)).toEqual([]);
  });

  it('no thread is left, whatever its calls are at', async () => {
    let threads = 0;
    const count = (worker: Worker): void => {
      threads++;
      worker.once('exit', () => threads--);
    };
    process.on('worker', count);
    const pool = new Pool({ backend: 'threads', workers: 2 });
    const calls = pool.imapUnordered(endless, [0, 1]);
    await calls.next();
    expect(threads).toBe(2);
    const pending = calls.next().catch(messageOf);
    await pool[Symbol.asyncDispose]();
    expect(await pending).toBe('the pool was closed');
    process.off('worker', count);
    expect(threads).toBe(0);
  });

  it('nothing is left of one that was left in the middle', async () => {
    using marked = new Marked();
    {
      await using pool = new Pool({ backend: 'processes', workers: 2 });
      for await (const [, value] of pool.imapUnordered(endless, [0, 1, 1, 1])) {
        expect(value).toBe(0);
        break;
      }
      expect(await pool.map(endless, [0, 0, 0])).toEqual([0, 0, 0]);
    }
    expect(await marked.gone(2000)).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'no process outlives a program that is ended by %s',
    async (signal) => {
      using folder = new Folder();
      using marked = new Marked();
      const file = folder.write(
        'program.mjs',
        `import { Pool } from ${JSON.stringify(url)};
const pool = new Pool({ backend: 'processes', workers: 2 });
for await (const one of pool.imapUnordered((x) => { while (x > 0); return x; }, [0, 1, 1])) console.log('begun');
`,
      );
      const program = execa(process.execPath, [file], { reject: false, buffer: false });
      await once(program.stdout, 'data');
      program.kill(signal);
      await program;
      expect(await marked.gone(5000)).toEqual([]);
    },
  );

  it.each([undefined, 1])(
    'all is there that threads printed, replaced after %s calls or closed',
    async (most) => {
      using folder = new Folder();
      const file = folder.write(
        'program.mjs',
        `import { Pool } from ${JSON.stringify(url)};
await using pool = new Pool({ workers: 2, maxTasksPerWorker: ${most} });
await pool.map((x) => { for (let i = 0; i < 50; i++) console.log(x, i); }, [0, 1, 2, 3]);
`,
      );
      const { stdout } = await execa(process.execPath, [file]);
      expect(stdout.split('\n')).toHaveLength(200);
    },
  );

  it.each([[[]], [['--title=x']]])(
    'a program that was given as text has had its threads: %j',
    async (flags) => {
      const text = `import { Pool } from ${JSON.stringify(url)};
await using pool = new Pool({ workers: 1 });
console.log(await pool.map((x) => x + 1, [1, 2]));`;
      const { stdout } = await execa(process.execPath, [...flags, '--input-type=module', '-e', text]);
      expect(stdout).toBe('[ 2, 3 ]');
    },
  );

  it.each(['inline', 'threads'])('that nobody closed a program ends all the same: %s', async (backend) => {
    using folder = new Folder();
    const file = folder.write(
      'program.mjs',
      `import { Pool } from ${JSON.stringify(url)};
const pool = new Pool({ backend: ${JSON.stringify(backend)}, workers: 2 });
console.log(await pool.map((x) => x + 1, [1, 2]));
`,
    );
    expect((await execa(process.execPath, [file])).stdout).toBe('[ 2, 3 ]');
  });
});
