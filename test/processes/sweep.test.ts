import { execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contain, detectContainment } from '../../src/processes/containment.ts';
import { newCookie, parseCookie, splitCookies, withCookie } from '../../src/processes/cookie.ts';
import { Members } from '../../src/processes/members.ts';
import { identityOf, lives, parseStat, readCommand, readEntry, readTable } from '../../src/processes/proc.ts';
import { sweep } from '../../src/processes/sweep.ts';
import { Folder } from '../support/folder.ts';
import { canContain, cleanUp, eventually, marked, newMark } from './support.ts';

let mark: string;
beforeEach(() => {
  mark = newMark();
});
afterEach(() => {
  cleanUp(mark);
});

function start(script: string, env = process.env, detached = true): number {
  return spawn('/bin/sh', ['-c', script.replaceAll('MARK', mark)], { env, detached, stdio: 'ignore' }).pid!;
}

describe('a process entry', () => {
  it.each(['sleep', 'a b', ') R 1 1 1', '(((', 'x\n) S 7'])('is read whatever the name: %j', (name) => {
    const numbers = Array.from({ length: 44 }, (_, i) => i + 9);
    expect(parseStat(`42 (${name}) S 1 40 39 ${numbers.join(' ')}\n`)).toEqual({
      pid: 42,
      ppid: 1,
      pgrp: 40,
      session: 39,
      state: 'S',
      start: 24,
      isAlive: true,
      isKernel: false,
    });
  });

  it('of a real process with a strange name is that of ps', async () => {
    using folder = new Folder();
    const file = folder.at(') R 1 (');
    copyFileSync('/bin/sleep', file);
    const child = spawn(file, [mark]);
    await eventually(() => marked(mark).length === 1);
    expect(readEntry(child.pid!)).toMatchObject({ pid: child.pid, ppid: process.pid, isAlive: true });
  });
});

describe('a table of processes', () => {
  it('has none of the kernel’s own', () => {
    const table = readTable();
    expect(table.map(({ pid }) => pid)).toContain(process.pid);
    // There they come from pid 2, which has no command line.
    expect(table.some(({ pid }) => pid === 2)).toBe(readCommand(2) !== '');
  });

  it.runIf(canContain)(
    'has the children of the second process of a pid namespace, such as a host',
    async () => {
      const found = await detectContainment();
      const proc = new URL('../../src/processes/proc.ts', import.meta.url).href;
      const script = `
      import { execFile, spawn } from 'node:child_process';
      import { readTable } from '${proc}';
      const child = spawn('sleep', ['${mark}']);
      console.log(process.pid, readTable().some(({ pid }) => pid === child.pid));
      child.kill();`;
      const { file, args } = contain(
        { file: process.execPath, args: ['--input-type=module', '-e', script] },
        { containment: 'pid-namespace', found },
      );
      const { stdout } = await promisify(execFile)(file, args);
      expect(stdout).toBe('2 true\n');
    },
  );
});

describe('a cookie', () => {
  it('says who made it, and is added to those that are there', () => {
    const cookie = newCookie();
    expect(parseCookie(cookie)).toMatchObject({ pid: process.pid, start: readEntry(process.pid)!.start });
    const env = { GLOMPO_COOKIES: 'outer', A: 'b' };
    const inner = withCookie(env, cookie);
    expect(inner).toEqual({ GLOMPO_COOKIES: `outer:${cookie}`, A: 'b' });
    expect(withCookie(inner, cookie)).toEqual(inner);
    expect(splitCookies(inner['GLOMPO_COOKIES']!)).toEqual(['outer', cookie]);
    expect(env).toEqual({ GLOMPO_COOKIES: 'outer', A: 'b' });
  });

  it.each(['', 'x', `${newCookie()}x`, '../../etc'])('is not %j', (text) => {
    expect(parseCookie(text)).toBeUndefined();
  });
});

describe('a sweep', () => {
  it('ends what carries the cookie, and no other process that looks alike', async () => {
    const cookie = newCookie();
    start('sleep MARK; :', withCookie(process.env, cookie), false);
    const alike = start('sleep MARK; :', process.env, false);
    const other = start('sleep MARK; :', withCookie(process.env, newCookie()), false);
    await eventually(() => marked(mark).length === 6);
    const { killed, left } = await sweep({ cookies: [cookie] });
    expect(left).toEqual([]);
    expect(killed).toHaveLength(2);
    const rest = marked(mark).map(({ pid, ppid }) => [pid, ppid]);
    expect(rest).toHaveLength(4);
    expect(rest.flat()).toEqual(expect.arrayContaining([alike, other]));
  });

  it('ends a recorded leader with its group and session, without any cookie', async () => {
    const pid = start('( sleep MARK & ) ; setsid -w sleep MARK & sleep MARK; :');
    await eventually(() => marked(mark).length >= 4);
    const report = await sweep({ cookies: [], leaders: [identityOf(pid)!] });
    expect(report.left).toEqual([]);
    expect(marked(mark)).toEqual([]);
  });

  it('touches nobody who got the pid of a recorded leader', async () => {
    const pid = start('sleep MARK; :');
    await eventually(() => marked(mark).length === 2);
    const real = identityOf(pid)!;
    const before = { pid, start: real.start - 1 };
    expect(lives(before)).toBe(false);
    expect(await sweep({ cookies: [], leaders: [before] })).toEqual({ killed: [], left: [] });
    expect(lives(real)).toBe(true);
    expect(marked(mark)).toHaveLength(2);
  });

  it('never ends the process that sweeps, nor one above it', async () => {
    const leaders = [identityOf(process.pid)!, identityOf(process.ppid)!];
    expect(new Members({ cookies: [], leaders }).find().map(({ pid }) => pid)).not.toContain(process.pid);
  });

  it('gives time to end in order, and no more than that', async () => {
    using folder = new Folder();
    const cookie = newCookie();
    const env = withCookie(process.env, cookie);
    start(
      `: MARK; trap 'echo > ${folder.at('bye')}; exit' TERM; echo > ${folder.at('up')}; while :; do sleep 0.01; done`,
      env,
    );
    start(': MARK; trap "" TERM; while :; do sleep 0.01; done', env);
    await eventually(() => marked(mark).length === 2 && existsSync(folder.at('up')));
    const { killed, left } = await sweep({ cookies: [cookie] }, { graceMs: 300 });
    expect(left).toEqual([]);
    expect(killed.length).toBeGreaterThanOrEqual(2);
    expect(existsSync(folder.at('bye'))).toBe(true);
  });

  it('keeps up with one that forks all the time', async () => {
    const cookie = newCookie();
    start(': MARK; trap "" TERM; f() { sleep 0.02; f & }; f & f & f &', withCookie(process.env, cookie));
    await eventually(() => marked(mark).length >= 3);
    expect((await sweep({ cookies: [cookie] }, { graceMs: 100 })).left).toEqual([]);
    expect(marked(mark)).toEqual([]);
  });
});
