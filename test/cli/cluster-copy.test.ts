import { cpSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { hasNats, TestWorker } from '../support/cluster.ts';
import { countsOf, evaluationsIn, exactly, prepare, until } from '../support/cluster-run.ts';
import { Folder } from '../support/folder.ts';

interface Found {
  readonly runId: string;
  readonly connection: { readonly servers: readonly string[]; readonly token: string };
}

const foundIn = (dir: string): Found => JSON.parse(readFileSync(`${dir}/engine.json`, 'utf8')) as Found;

describe.skipIf(!hasNats)('a copy of a run that is under way', () => {
  it('goes on in the same engine, and neither takes anything from the other', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 100_000);
    const copy = folder.at('copy');
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    await using workers = new AsyncDisposableStack();
    workers.use(new TestWorker(folder, 'fit.yaml', dir, '--slots', '2'));
    await until(() => evaluationsIn(dir) > 50);
    // What is copied while it is written may be of no use.
    run.kill('SIGSTOP');
    cpSync(dir, copy, { recursive: true });
    run.kill('SIGCONT');
    const { runId, connection } = foundIn(dir);
    const args = ['resume', copy, '--engine', connection.servers[0]!, '--set', 'stop.max-evaluations=150'];
    const env = { GLOMPO_ENGINE_TOKEN: connection.token };
    const other = startCli(args, folder.path, { env });
    await Promise.race([until(() => foundIn(copy).runId !== runId), other]);
    const before = evaluationsIn(dir);
    workers.use(new TestWorker(folder, 'fit.yaml', copy, '--slots', '2'));
    expect((await other).exitCode).toBe(0);
    expect(countsOf(copy)).toEqual(exactly(150));
    await until(() => evaluationsIn(dir) > before + 50);
    run.kill('SIGTERM');
    expect((await run).exitCode).toBe(143);
    const { last } = countsOf(dir);
    expect(countsOf(dir)).toEqual(exactly(last));
  }, 60_000);
});
