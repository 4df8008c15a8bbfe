import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sendCommand } from '../../src/control/client.ts';
import { findSocket, placeSocket } from '../../src/control/place.ts';
import { ControlServer } from '../../src/control/server.ts';
import { Folder } from '../support/folder.ts';
import { recorder } from './support.ts';

const PING = { command: 'ping' } as const;
const PERMISSIONS = 0o777;

const modeOf = (file: string): number => statSync(file).mode & PERMISSIONS;

/** A run directory whose path is too long for a socket. */
function longDirectory(folder: Folder): string {
  const directory = folder.at('d'.repeat(120));
  mkdirSync(directory);
  return directory;
}

describe('the place of a control socket', () => {
  it('is the run directory, for its owner alone', async () => {
    using folder = new Folder();
    {
      await using server = await ControlServer.open(folder.path, recorder());
      expect(server.path).toBe(folder.at('control.sock'));
      expect(modeOf(server.path)).toBe(0o600);
      expect(readdirSync(folder.path)).toEqual(['control.sock']);
    }
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each(['a short path', 'a long path'])('is at no moment open to others, with %s', async (kind) => {
    using folder = new Folder();
    const runDir = kind === 'a long path' ? longDirectory(folder) : folder.path;
    const seen: number[] = [];
    await placeSocket(runDir, (socket) => {
      seen.push(modeOf(path.dirname(socket)));
      return Promise.reject(new Error('no sockets here'));
    }).catch((error: Error) => {
      expect(error.message).toMatch(/^cannot make a control socket: .*no sockets here/);
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([0o700]));
    expect(readdirSync(runDir)).toEqual([]);
  });

  it('is elsewhere when the path is too long, and the run directory says where', async () => {
    using folder = new Folder();
    const runDir = longDirectory(folder);
    let short: string;
    {
      await using server = await ControlServer.open(runDir, recorder());
      short = server.path;
      expect(Buffer.byteLength(short)).toBeLessThan(100);
      expect(modeOf(short)).toBe(0o600);
      expect(modeOf(path.dirname(short))).toBe(0o700);
      expect(folder.read(`${path.basename(runDir)}/control.path`).split('\n')[0]).toBe(short);
      expect(await sendCommand(runDir, PING)).toEqual({ outcome: 'done' });
    }
    expect(readdirSync(runDir)).toEqual([]);
    expect(existsSync(path.dirname(short))).toBe(false);
  });

  it('is found by a longer way than the run came', async () => {
    using folder = new Folder();
    mkdirSync(folder.at('run'));
    const around = longDirectory(folder);
    symlinkSync(folder.at('run'), path.join(around, 'run'));
    await using _ = await ControlServer.open(folder.at('run'), recorder());
    const before = process.cwd();
    process.chdir(around);
    try {
      expect(await sendCommand('run', PING)).toEqual({ outcome: 'done' });
    } finally {
      process.chdir(before);
    }
  });

  it('moves with the directory, and a copy of the directory does not lead to it', async () => {
    using folder = new Folder();
    const runDir = longDirectory(folder);
    await using server = await ControlServer.open(runDir, recorder());
    cpSync(runDir, folder.at('copy'), { recursive: true });
    expect(existsSync(folder.at('copy/control.path'))).toBe(true);
    await expect(sendCommand(folder.at('copy'), PING)).rejects.toThrow('no run is live in');
    // A run in the copy takes nothing away from the other.
    await (await ControlServer.open(folder.at('copy'), recorder()))[Symbol.asyncDispose]();
    renameSync(runDir, folder.at('moved'));
    expect(findSocket(folder.at('moved'))).toBe(server.path);
    expect(await sendCommand(folder.at('moved'), PING)).toEqual({ outcome: 'done' });
  });

  it.each(['a short path', 'a long path'])('is taken over from a dead run, with %s', async (kind) => {
    using folder = new Folder();
    const runDir = kind === 'a long path' ? longDirectory(folder) : folder.path;
    // Never disposed of properly: what it left is taken over, and its late end takes nothing from its successor.
    await using dead = await ControlServer.open(runDir, recorder());
    const former = dead.path;
    await using server = await ControlServer.open(runDir, { ...recorder(), ping: () => ({ who: 'second' }) });
    expect(await sendCommand(runDir, PING)).toEqual({ who: 'second' });
    if (kind === 'a long path') expect(existsSync(path.dirname(former))).toBe(false);
    await dead[Symbol.asyncDispose]();
    expect(await sendCommand(runDir, PING)).toEqual({ who: 'second' });
    expect(existsSync(server.path)).toBe(true);
  });

  it.each(['/etc/passwd', '../../glompo-abcdef/control.sock', '', '/tmp/glompo-abcdef/control.sock', 'a\0b'])(
    'is not taken from a file that glompo did not write: %j',
    async (content) => {
      using folder = new Folder();
      folder.write('control.path', `${content}\n`);
      expect(findSocket(folder.path)).toBeUndefined();
      await using _ = await ControlServer.open(folder.path, recorder());
      expect(await sendCommand(folder.path, PING)).toEqual({ outcome: 'done' });
    },
  );
});
