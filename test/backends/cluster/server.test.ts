import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { findServer } from '../../../src/backends/cluster/find-server.ts';
import { portIn, removeLeftovers } from '../../../src/backends/cluster/leftovers.ts';
import { startServer } from '../../../src/backends/cluster/server.ts';
import { Custody } from '../../../src/processes/custody.ts';
import { Folder } from '../../support/folder.ts';
import { processesOf } from '../../support/processes.ts';
import { hasServer, TestEngine, until } from './support.ts';

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isConnected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isConnected;
}

describe.skipIf(!hasServer)('a server of the run', () => {
  it('listens on this machine alone, keeps its token in a file of its own, and leaves nothing', async () => {
    using folder = new Folder();
    await using custody = await Custody.start();
    const server = await startServer({ custody, dir: folder.path });
    const { servers, token = '' } = server.connection;
    expect(servers).toEqual([expect.stringMatching(/^nats:\/\/127\.0\.0\.1:\d+$/)]);
    expect(token).toMatch(/^[\w-]{32}$/);
    const config = filesIn(folder.path).find((file) => file.endsWith('.conf'))!;
    expect(statSync(path.join(folder.path, config)).mode & 0o777).toBe(0o600);
    expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(token);
    const { nats, place } = await connectEngine(server.connection, 'test');
    expect(nats.info).toMatchObject({ max_payload: 8 * 1024 * 1024, jetstream: true });
    expect(place).toBe(servers[0]);
    await nats.close();
    await server[Symbol.asyncDispose]();
    expect(filesIn(folder.path)).toEqual([]);
    await expect(connectEngine(server.connection, 'test')).rejects.toThrow(
      `the engine at ${servers[0]} cannot be reached: nothing listens there`,
    );
  });

  it('is there again, where it was and with its token, after it was killed', async () => {
    using folder = new Folder();
    await using custody = await Custody.start({ containment: 'none' });
    const ends: string[] = [];
    const server = await startServer({ custody, dir: folder.path, onEnd: (how) => ends.push(how) });
    for (let times = 0; times < 2; times++) {
      const { pid } = server;
      process.kill(pid!, 'SIGKILL');
      await until(() => server.pid !== pid, 'another one is started');
      const answer = (): Promise<boolean> =>
        connectEngine(server.connection, 'test').then(
          ({ nats }) => nats.close().then(() => true),
          () => false,
        );
      while (!(await answer()));
    }
    await server[Symbol.asyncDispose]();
    expect(new Set(ends)).toEqual(new Set(['its process was ended by SIGKILL']));
    expect(filesIn(folder.path)).toEqual([]);
    await expect(connectEngine(server.connection, 'test')).rejects.toThrow('nothing listens there');
  });

  it('says once why it is not started again', async () => {
    using folder = new Folder();
    await using custody = await Custody.start({ containment: 'none' });
    const ends: string[] = [];
    await using server = await startServer({ custody, dir: folder.path, onEnd: (how) => ends.push(how) });
    const config = filesIn(folder.path).find((file) => file.endsWith('.conf'))!;
    folder.write(config, 'listen: nowhere');
    const { pid } = server;
    process.kill(pid!, 'SIGKILL');
    const pids = new Set([pid]);
    await until(() => pids.add(server.pid).size === 4, 'it is tried again and again');
    expect(ends).toEqual([
      'its process was ended by SIGKILL',
      expect.stringMatching(/^its process ended with exit code 1; it said: .*could not parse address/),
    ]);
  });

  it('has another token each time, and takes no other', async () => {
    await using one = await TestEngine.start();
    await using two = await TestEngine.start();
    expect(one.connection.token).not.toBe(two.connection.token);
    const wrong = { ...one.connection, token: two.connection.token };
    await expect(connectEngine(wrong, 'test')).rejects.toThrow('refuses the token');
  });

  it('may listen on all addresses, and says by which it is found', async () => {
    using folder = new Folder();
    await using custody = await Custody.start();
    await using server = await startServer({ custody, dir: folder.path, host: '0.0.0.0' });
    expect(server.connection.servers.length).toBeGreaterThan(0);
    expect(server.connection.servers.join(' ')).not.toContain('0.0.0.0');
    const { nats } = await connectEngine(server.connection, 'test');
    await nats.close();
  });

  it('ends with the process that started it, even if that is killed', async () => {
    using folder = new Folder();
    const holder = fork(path.join(import.meta.dirname, 'server-worker.ts'), {
      env: { ...process.env, FOLDER: folder.path },
    });
    await once(holder, 'message');
    expect(processesOf(folder.path)).not.toEqual([]);
    holder.kill('SIGKILL');
    await until(() => processesOf(folder.path).length === 0, 'nothing of it is left');
  });

  it('removes what one left whose process was killed, and nothing of those that are there', async () => {
    using folder = new Folder();
    await using custody = await Custody.start();
    await using _ = await startServer({ custody, dir: folder.path });
    const living = readdirSync(folder.path);
    const holder = fork(path.join(import.meta.dirname, 'server-worker.ts'), {
      env: { ...process.env, FOLDER: folder.path },
    });
    await once(holder, 'message');
    const dead = readdirSync(folder.path).find((name) => !living.includes(name))!;
    await removeLeftovers(folder.path);
    expect(readdirSync(folder.path)).toContain(dead);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await until(() => processesOf(folder.at(dead)).length === 0, 'it is dead');
    // One that is killed has no arguments any more before its port is closed.
    while (await isOpen(portIn(folder.at(dead))!));
    expect(filesIn(folder.path)).toContain(path.join(dead, 'server.conf'));
    // Of another machine, and of nobody.
    folder.write('nats-00000000/owner', '1 elsewhere\n');
    folder.write('nats-00000001/server.conf', '');
    await using other = await startServer({ custody, dir: folder.path });
    const left = readdirSync(folder.path);
    expect(left).not.toContain(dead);
    expect(left).toEqual(expect.arrayContaining([...living, 'nats-00000000', 'nats-00000001']));
    await other[Symbol.asyncDispose]();
    await removeLeftovers(folder.at('nowhere'));
  });

  it('that does not start says why', async () => {
    using folder = new Folder();
    await using custody = await Custody.start();
    await expect(startServer({ custody, dir: folder.path, host: '192.0.2.1' })).rejects.toThrow(
      /nats-server did not start: .*cannot assign requested address/i,
    );
    expect(filesIn(folder.path)).toEqual([]);
  });
});

describe('the program of a server', () => {
  it('is what GLOMPO_NATS_SERVER names, before what is on PATH', () => {
    expect(findServer({ GLOMPO_NATS_SERVER: '/bin/sh', PATH: '/bin' })).toBe('/bin/sh');
    expect(() => findServer({ GLOMPO_NATS_SERVER: '/no/such' })).toThrow(
      'GLOMPO_NATS_SERVER names /no/such, which is not a program that can be run',
    );
  });

  it('is found on PATH, and where Debian puts it', () => {
    using folder = new Folder();
    const own = folder.write('nats-server', '');
    expect(statSync(own).mode & 0o111).toBe(0);
    vi.stubEnv('PATH', folder.path);
    try {
      if (hasServer) expect(findServer()).toMatch(/bin\/nats-server$/);
      else expect(() => findServer()).toThrow('install it');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
