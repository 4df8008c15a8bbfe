import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { HostLauncher } from '../../src/backends/hosts/contract.ts';
import { OptimizerHost } from '../../src/backends/optimizer-host.ts';
import type { HostAssignment, HostMessage } from '../../src/backends/protocol.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { Run } from '../../src/manager/run.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { CheckedLog } from '../simulation/checked-log.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';

describe('the evaluations of the best point that follow a run', () => {
  /** The evaluations that are out at the end of the budget take for ever. */
  const SLOW = `let calls = 0;
    export default async (x, { signal }) => {
      await new Promise((resolve) => { setTimeout(resolve, ++calls > 20 ? 100_000 : 1); signal.addEventListener('abort', resolve); });
      return x[0];
    };`;

  it('are not made when the run is killed while its last evaluations go on', async () => {
    using folder = new Folder();
    folder.write('slow.mjs', SLOW);
    const config = await resolveConfig(
      {
        task: { module: 'slow.mjs' },
        parameters: [{ name: 'a', min: 0, max: 1 }],
        optimizers: [{ random: { workers: 4 } }],
        hunters: 'none',
        stop: { any: [{ 'target-value': 1 }, { 'max-evaluations': 100 }] },
        manager: { maxJobs: 4, backend: 'inline', containment: 'none', reevaluateBest: 5, seed: 1 },
      },
      { baseDir: folder.path },
    );
    await using manager = new GloMPOManager({ config, dir: folder.at('run') });
    const ended = manager.start();
    manager.state$.subscribe((state) => {
      if (state === 'stopping') queueMicrotask(() => manager.kill('at once'));
    });
    await ended;
    expect(query(folder.at('run'), `SELECT 1 FROM optimizers WHERE type = 'repeat'`)).toEqual([]);
  });

  it('are made when no optimizer is left and none may be started', async () => {
    using folder = new Folder();
    const config = await resolveConfig(
      {
        task: { benchmark: 'sphere', dimension: 2 },
        optimizers: { use: [{ 'cma-es': { tolFun: 1e-3 } }], spawn: { optimizers: 2 } },
        hunters: 'none',
        manager: { maxJobs: 2, backend: 'inline', containment: 'none', reevaluateBest: 5, seed: 1 },
      },
      { baseDir: folder.path },
    );
    await using manager = new GloMPOManager({ config, dir: folder.at('run') });
    const { noise, stopReason } = await manager.start();
    expect(stopReason).toMatch(/^no optimizer is left/);
    expect(noise).toMatchObject({ evaluations: 5, sd: 0 });
  });
});

describe('the handshake', () => {
  it('ends a run whose hosts speak another protocol', async () => {
    using folder = new Folder();
    const config = await resolveConfig(
      { task: { benchmark: 'sphere', dimension: 2 }, manager: { maxJobs: 1, seed: 1 } },
      { baseDir: folder.path },
    );
    const clock = new VirtualClock();
    const log = new CheckedLog();
    const launcher: HostLauncher = {
      launch(_id, listener) {
        clock.soon(() => {
          listener.message({ type: 'hello', protocol: 99 });
          listener.exit({ cause: 'it left' });
        });
        return { name: 'a host of another version', send() {}, terminate() {} };
      },
      async [Symbol.asyncDispose]() {},
    };
    const run = new Run(config, { clock, log, launcher, runDir: 'nowhere' });
    const failed = run.start().catch((error: unknown) => error);
    while (clock.step()) await Promise.resolve();
    expect(await failed).toMatchObject({
      code: 'protocol-mismatch',
      message: expect.stringMatching(
        /^a host speaks protocol 99, this manager \d+: both must come from the same version of glompo$/,
      ),
    });
    expect(log.facts()['status']).toBe('failed');
  });

  it('ends a host whose manager speaks another protocol, with the reason', async () => {
    const sent: HostMessage[] = [];
    const host = new OptimizerHost({
      clock: new VirtualClock(),
      createEvaluator: async () => {
        throw new Error('it is not to come to this');
      },
      send: (message) => sent.push(message),
      close() {},
    });
    host.receive({ type: 'assign', protocol: 99, assignment: {} as HostAssignment });
    await setImmediate();
    expect(sent).toMatchObject([
      { type: 'hello' },
      { type: 'batch', batch: { end: { kind: 'failed', error: { code: 'protocol-mismatch' } } } },
    ]);
  });
});
