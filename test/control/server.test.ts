import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlConnection, sendCommand } from '../../src/control/client.ts';
import { type Command, MAX_LINE_BYTES } from '../../src/control/protocol.ts';
import { ControlServer } from '../../src/control/server.ts';
import { CodedError } from '../../src/core/errors.ts';
import { Folder } from '../support/folder.ts';
import { answersIn, exchange, recorder } from './support.ts';

const line = fc.oneof(
  fc.string(),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('{"command":"stop"}', '{"command":"stop-optimizer","optimizer":2}', '{"command":"ping"'),
);

describe('the control server', () => {
  it('answers every line, in their order, whatever they are', async () => {
    using folder = new Folder();
    const told: Command[] = [];
    await using server = await ControlServer.open(folder.path, recorder(told));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        told.length = 0;
        const sent = lines.filter((one) => one.trim() !== '' && Buffer.byteLength(one) <= MAX_LINE_BYTES);
        const answers = answersIn(await exchange(server.path, sent.join('\n')));
        expect(answers).toHaveLength(sent.length);
        for (const { version, ok, error } of answers) {
          expect(version).toBe(1);
          expect(typeof error).toBe(ok === true ? 'undefined' : 'string');
        }
        expect(told).toHaveLength(answers.filter(({ ok }) => ok === true).length);
      }),
      { numRuns: 100 },
    );
  });

  it('survives any bytes, in any pieces', async () => {
    using folder = new Folder();
    await using server = await ControlServer.open(folder.path, recorder());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 2 * MAX_LINE_BYTES, size: 'max' }), { maxLength: 4 }),
        async (pieces) => {
          await exchange(server.path, ...pieces);
        },
      ),
      { numRuns: 100 },
    );
    expect(await sendCommand(folder.path, { command: 'ping' })).toEqual({ outcome: 'done' });
  });

  it('hangs up on a line without end', async () => {
    using folder = new Folder();
    await using server = await ControlServer.open(folder.path, recorder());
    const [answer] = answersIn(await exchange(server.path, 'x'.repeat(MAX_LINE_BYTES + 1)));
    expect(answer).toMatchObject({
      ok: false,
      code: 'usage',
      error: expect.stringContaining('at most 4096 bytes'),
    });
  });

  it('survives clients that go away without a word, or do not listen', async () => {
    using folder = new Folder();
    await using server = await ControlServer.open(folder.path, recorder());
    for (let i = 0; i < 20; i++) {
      const socket = connect({ path: server.path });
      await once(socket, 'connect');
      // More answers than a socket holds.
      if (i % 2 === 0) socket.write('{"command":"ping"}\n'.repeat(20_000));
      if (i % 4 === 0) await once(socket, 'readable');
      socket.destroy();
    }
    expect(await sendCommand(folder.path, { command: 'ping' })).toEqual({ outcome: 'done' });
  });

  it('gives an answer the id of its request, also when it refuses', async () => {
    using folder = new Folder();
    await using server = await ControlServer.open(folder.path, recorder());
    const text = await exchange(server.path, '{"command":"ping","id":"a"}\n{"command":"pong","id":2}\n{\n');
    expect(answersIn(text)).toMatchObject([
      { version: 1, id: 'a', ok: true },
      { version: 1, id: 2, ok: false, code: 'usage' },
      { version: 1, ok: false },
    ]);
  });

  it('tells a refusal from a fault', async () => {
    using folder = new Folder();
    await using _ = await ControlServer.open(folder.path, {
      ...recorder(),
      pause: () => {
        throw new CodedError('run-directory', 'not now');
      },
      stop: () => {
        throw new TypeError('a mistake of ours');
      },
    });
    await expect(sendCommand(folder.path, { command: 'pause' })).rejects.toMatchObject({
      code: 'run-directory',
      message: 'not now',
    });
    await expect(sendCommand(folder.path, { command: 'stop' })).rejects.toMatchObject({
      code: 'internal',
      message: 'a mistake of ours',
    });
  });

  it('serves two at once, also while one of them waits', async () => {
    using folder = new Folder();
    const { promise, resolve } = Promise.withResolvers<void>();
    await using _ = await ControlServer.open(folder.path, {
      ...recorder(),
      pause: async () => {
        await promise;
        return { outcome: 'done' };
      },
    });
    using first = await ControlConnection.open(folder.path);
    using second = await ControlConnection.open(folder.path);
    const paused = first.send({ command: 'pause' });
    expect(await second.send({ command: 'ping' })).toEqual({ outcome: 'done' });
    expect(await second.send({ command: 'stop' })).toEqual({ outcome: 'done' });
    resolve();
    expect(await paused).toEqual({ outcome: 'done' });
  });
});

describe('a connection to a run', () => {
  it('says so when no run is live', async () => {
    using folder = new Folder();
    for (const directory of [folder.path, folder.at('nowhere')])
      await expect(sendCommand(directory, { command: 'ping' })).rejects.toMatchObject({
        code: 'run-directory',
        message: `no run is live in ${directory}`,
      });
  });

  it('ends when the run does, waiting or asking', async () => {
    using folder = new Folder();
    const asked = Promise.withResolvers<void>();
    const server = await ControlServer.open(folder.path, {
      ...recorder(),
      pause: () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    using waiting = await ControlConnection.open(folder.path);
    await waiting.send({ command: 'ping' });
    const refused = sendCommand(folder.path, { command: 'pause' }).catch((error: unknown) => error);
    await asked.promise;
    await server[Symbol.asyncDispose]();
    await waiting.closed();
    expect(await refused).toMatchObject({
      code: 'run-directory',
      message: `the run in ${folder.path} ended before it answered`,
    });
    await expect(sendCommand(folder.path, { command: 'ping' })).rejects.toThrow('no run is live in');
  });

  it('does not wait for an answer for ever', async () => {
    using folder = new Folder();
    await using _ = await ControlServer.open(folder.path, {
      ...recorder(),
      pause: () => new Promise(() => {}),
    });
    await expect(sendCommand(folder.path, { command: 'pause' }, { timeoutMs: 50 })).rejects.toThrow(
      `the run in ${folder.path} did not answer for 0.05 s`,
    );
  });
});
