import { mkdirSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageLevel } from '../../src/core/logger.ts';
import { parseLevels, levelsOf } from '../../src/messages/levels.ts';
import { MessageFile } from '../../src/messages/message-file.ts';
import { Folder } from '../support/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const linesOf = (name: string): readonly Record<string, unknown>[] =>
  folder
    .read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Until what writes them is loaded, half a second after the first message. */
async function loaded(file: string): Promise<void> {
  await expect.poll(() => folder.has(file), { timeout: 30_000 }).toBe(true);
}

describe.each(['before what writes them is loaded', 'after it'])('messages in a file, %s', (when) => {
  const isLoaded = when === 'after it';

  it('are lines of JSON with level, time, component, message and fields, in order', async () => {
    {
      await using file = new MessageFile({ file: folder.at('glompo.log') });
      file.log('info', 'manager', 'first', { event: 'kill', data: { list: [1, null] } });
      if (isLoaded) await loaded('glompo.log');
      file.log('warn', 'hosts', 'second');
    }
    const lines = linesOf('glompo.log');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        component: 'manager',
        event: 'kill',
        data: { list: [1, null] },
        message: 'first',
      },
      { level: 'warn', time: expect.any(String), component: 'hosts', message: 'second' },
    ]);
    expect(Object.keys(lines[0]!).slice(0, 3)).toEqual(['level', 'time', 'component']);
  });

  it('are those that their components let through', async () => {
    {
      await using file = new MessageFile({
        file: folder.at('glompo.log'),
        levels: parseLevels('warn,hosts=debug', levelsOf('info')),
      });
      file.log('error', 'manager', 'manager error');
      if (isLoaded) await loaded('glompo.log');
      for (const component of ['manager', 'hosts'] as const)
        for (const level of ['warn', 'info', 'debug'] as MessageLevel[])
          file.log(level, component, `${component} ${level}`);
    }
    expect(linesOf('glompo.log').map(({ message }) => message)).toEqual([
      'manager error',
      'manager warn',
      'hosts warn',
      'hosts info',
      'hosts debug',
    ]);
  });

  it('are added to what is there', async () => {
    for (const message of ['one', 'two']) {
      await using file = new MessageFile({ file: folder.at('glompo.log') });
      file.log('info', 'log', message);
      if (isLoaded)
        await expect.poll(() => folder.read('glompo.log'), { timeout: 30_000 }).toContain(message);
    }
    expect(linesOf('glompo.log').map(({ message }) => message)).toEqual(['one', 'two']);
  });

  it('are done without where the file cannot be written', async () => {
    mkdirSync(folder.at('glompo.log'));
    await using file = new MessageFile({ file: folder.at('glompo.log') });
    file.log('info', 'log', 'lost');
    // oxlint-disable-next-line vitest/no-conditional-in-test -- the same test at two moments
    if (isLoaded) await new Promise((resolve) => setTimeout(resolve, 700));
    file.log('info', 'log', 'lost as well');
    expect(readdirSync(folder.path)).toEqual(['glompo.log']);
  });
});

describe('a file of messages', () => {
  it('is begun anew when it is large, with three of those before it', async () => {
    let last = 0;
    {
      await using file = new MessageFile({ file: folder.at('glompo.log'), largestBytes: 2000 });
      file.log('info', 'log', 'message 0');
      await loaded('glompo.log');
      for (last = 1; last < 100_000; last++) {
        file.log('info', 'log', `message ${last}`, { filling: 'x'.repeat(100) });
        if (last % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
        if (folder.has('glompo.log.3') && folder.has('glompo.log')) break;
      }
    }
    const names = readdirSync(folder.path).toSorted();
    expect(names).toEqual(['glompo.log', 'glompo.log.1', 'glompo.log.2', 'glompo.log.3']);
    const kept = ['glompo.log.3', 'glompo.log.2', 'glompo.log.1', 'glompo.log']
      .filter((name) => folder.read(name) !== '')
      .flatMap(linesOf)
      .map(({ message }) => Number(String(message).slice('message '.length)));
    // None is missing in between, and the last one is there.
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => last + 1 - kept.length + i));
  });

  it('waits a second at the end for a disk on which nothing can be written, and then does without', async () => {
    const file = new MessageFile({ file: '/dev/full' });
    file.log('info', 'log', 'no room');
    await new Promise((resolve) => setTimeout(resolve, 700));
    for (let i = 0; i < 20_000; i++) file.log('info', 'log', 'x'.repeat(200));
    await file[Symbol.asyncDispose]();
    expect(() => {
      file.log('info', 'log', 'after the end');
    }).not.toThrow();
  });

  it('is not there when nothing was said', async () => {
    await using file = new MessageFile({ file: folder.at('glompo.log') });
    await file[Symbol.asyncDispose]();
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
