import { chmodSync, statSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  readRendezvous,
  removeRendezvous,
  type Rendezvous,
  writeRendezvous,
} from '../../../src/backends/cluster/rendezvous.ts';
import { Folder } from '../../support/folder.ts';

const sample: Rendezvous = {
  runId: 'a',
  epoch: 3,
  connection: { servers: ['nats://10.0.0.1:4222'], token: 'secret' },
  launchKey: 'job 7',
};

describe('a rendezvous', () => {
  it('tells workers where the engine is, and nobody else', async () => {
    using folder = new Folder();
    const file = folder.at('engine.json');
    await writeRendezvous(file, sample);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path)).toEqual(['engine.json']);
    expect(await readRendezvous(file, { launchKey: 'job 7' })).toEqual(sample);
    await removeRendezvous(file);
    await removeRendezvous(file);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('is waited for, past one of an earlier start', async () => {
    using folder = new Folder();
    const file = folder.at('engine.json');
    const reading = readRendezvous(file, { launchKey: 'job 8' });
    await delay(50);
    await writeRendezvous(file, sample);
    await delay(250);
    await writeRendezvous(file, { ...sample, launchKey: 'job 8', epoch: 4 });
    expect(await reading).toEqual({ ...sample, launchKey: 'job 8', epoch: 4 });
  });

  it('is not waited for any more once that is given up', async () => {
    using folder = new Folder();
    const abort = new AbortController();
    const reading = readRendezvous(folder.at('engine.json'), { launchKey: 'a', signal: abort.signal });
    abort.abort();
    expect(await reading).toBeUndefined();
  });

  it.each([0o640, 0o604, 0o620, 0o666])(
    'that others may have read or written is refused (%o)',
    async (mode) => {
      using folder = new Folder();
      const file = folder.at('engine.json');
      await writeRendezvous(file, sample);
      chmodSync(file, mode);
      const error: unknown = await readRendezvous(file, { launchKey: 'job 7' }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({
        code: 'engine-unusable',
        message: expect.stringContaining(
          `${file}, by which workers find the run, has mode ${mode.toString(8)}`,
        ),
      });
      expect(String(error)).not.toContain('secret');
    },
  );

  it.each([
    ['no JSON', '{"version": 1,', 'is not what a manager writes'],
    ['null', 'null', 'is not what a manager writes'],
    ['of another version', '{"version": 2}', 'is of version 2, and this is 1'],
    ['incomplete', '{"version": 1, "runId": "a"}', 'something is missing in it'],
  ])('that is %s is refused', async (_, text, message) => {
    using folder = new Folder();
    const file = folder.write('engine.json', text);
    chmodSync(file, 0o600);
    await expect(readRendezvous(file, { launchKey: 'a' })).rejects.toThrow(message);
  });

  it('that cannot be written says so', async () => {
    using folder = new Folder();
    await expect(writeRendezvous(folder.at('no/such/engine.json'), sample)).rejects.toThrow(
      /engine\.json, by which workers find the run, cannot be written: ENOENT/,
    );
  });
});
