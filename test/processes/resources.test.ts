import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { newCookie, withCookie } from '../../src/processes/cookie.ts';
import { ResourceMeter } from '../../src/processes/resources.ts';

/** The files of `/proc` that this process has open. */
function openedOfProc(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${fd}`);
      return file.startsWith('/proc/') && !file.endsWith('/fd') ? [file] : [];
    } catch {
      // That of the listing itself.
      return [];
    }
  });
}

it('measures the manager and all processes of its run, and no others', async () => {
  const cookie = newCookie();
  const busy = spawn('sh', ['-c', 'sh -c "echo up; while :; do :; done"; :'], {
    env: withCookie(process.env, cookie),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  try {
    await once(busy.stdout, 'data');
    const meter = new ResourceMeter(process.pid, cookie);
    const alone = new ResourceMeter(process.pid, newCookie());
    const before = await meter.measure();
    expect(before.processes).toBe(3);
    expect((await alone.measure()).processes).toBe(1);
    expect(before.memoryBytes).toBeGreaterThan((await alone.measure()).memoryBytes);
    // A loop takes what it gets of a core; on a busy machine that may be little, but it is not nothing.
    let { cores } = before;
    for (let i = 0; i < 50 && cores < 0.05; i++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      ({ cores } = await meter.measure());
    }
    expect(cores).toBeGreaterThanOrEqual(0.05);
    expect(before.load).toBeGreaterThanOrEqual(0);
  } finally {
    process.kill(-busy.pid!, 'SIGKILL');
  }
});

it.skipIf(process.platform !== 'linux')('leaves no file open, of no process that it measured', async () => {
  const cookie = newCookie();
  const child = spawn('sleep', ['100'], { env: withCookie(process.env, cookie), stdio: 'ignore' });
  try {
    await once(child, 'spawn');
    const meter = new ResourceMeter(process.pid, cookie);
    expect((await meter.measure()).processes).toBe(2);
    expect(openedOfProc()).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});
