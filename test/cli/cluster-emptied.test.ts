import { describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/backends/cluster/engine.ts';
import { hasServer, RawServer, until } from '../backends/cluster/support.ts';
import { startCli } from '../support/cli.ts';
import { TestWorker } from '../support/cluster.ts';
import { countsOf, evaluationsIn, exactly, prepare } from '../support/cluster-run.ts';
import { Folder } from '../support/folder.ts';

describe.skipIf(!hasServer)('an engine that loses what waits in it', () => {
  it('is told of on the terminal and in the report, and the run goes on', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 200);
    await using server = await RawServer.start();
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', server.url], folder.path);
    let told = '';
    run.stderr.on('data', (chunk: Buffer) => {
      told += String(chunk);
    });
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '1');
    await until(() => evaluationsIn(dir) > 0, 'it evaluates');
    const { nats, streams } = await connectEngine({ servers: [server.url] }, 'test');
    for await (const name of streams.streams.names()) await streams.streams.delete(name);
    await nats.close();
    await until(() => told.includes('the engine is there again'), 'it has all again');
    expect(told).toMatch(/points that wait are not in the engine any more.*: they go in again/);
    expect((await run).exitCode).toBe(0);
    expect(countsOf(dir)).toEqual(exactly(200));
    // So does the report, and not of those who come and go.
    const report = folder.read('run/report.html');
    expect(report).toContain('points were evaluated by workers');
    const notes = report.slice(report.lastIndexOf('Events of note'));
    expect(notes).toContain('points that wait are not in the engine any more');
    expect(notes).not.toContain(' joined with ');
  });
});
