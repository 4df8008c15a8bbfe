import { describe, expect, it } from 'vitest';
import { about, prospectOf } from '../../src/cli/status/prospect.ts';
import type { SessionMoment } from '../../src/log/lately.ts';
import type { RunSummary } from '../../src/log/reader.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

interface Status {
  readonly optimizers: readonly object[];
  readonly events: readonly { readonly type: string; readonly message: string }[];
}

const runWith = (facts: RunSummary['facts'], state: RunSummary['state'] = 'running'): RunSummary => ({
  state,
  evaluations: 100,
  best: null,
  names: [],
  optimizers: [],
  facts,
  startedAt: 0,
  endedAt: null,
});

describe('glompo status', () => {
  it('shows of a live run its budget, its last kills and why, and those that run', async () => {
    using folder = new Folder();
    folder.write(
      'task.mjs',
      'export default async ([a]) => { await new Promise((r) => setTimeout(r, 3)); return a; };',
    );
    folder.write(
      'many.yaml',
      `task: { module: task.mjs }
parameters: [{ name: a, min: 0, max: 1 }]
optimizers: [random]
hunters: { min-evaluations: 10 }
stop: { any: [{ max-evaluations: 1000000 }, { max-seconds: 3600 }] }
manager: { maxJobs: 3, huntFrequency: 20 }
`,
    );
    const cli = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder.path);
    const run = startCli(['run', 'many.yaml', '--dir', 'run'], folder.path);
    const killed = (): number => {
      try {
        return query(folder.at('run'), "SELECT 1 FROM optimizers WHERE status = 'killed'").length;
      } catch {
        return 0;
      }
    };
    await expect.poll(killed, { timeout: 50_000, interval: 100 }).toBeGreaterThan(10);
    const { stdout } = await cli('status', 'run');
    expect(stdout).toMatch(
      /^running\nevaluations {2}\d+ of 1000000\nseconds {6}[\d.]+, about \d+ min left\n/,
    );
    expect(stdout).toMatch(/\nbest {9}\S+ \(call \d+, optimizer \d+, \d+ s ago\)\n/);
    expect(stdout).toMatch(/\noptimizers {3}\d+: \d+ running, \d+ killed\n/);
    expect(stdout.match(/^ {2}\d+ {2}random {2}killed /gm)).toHaveLength(5);
    expect(stdout.match(/^ {2}\d+ {2}random {2}running /gm)!.length).toBeGreaterThan(0);
    expect(stdout).toMatch(/\n {2}… and \d+ that ended before; --all shows them\nlately\n/);
    expect(stdout.match(/^ {2}call \d+, \d+ s ago: .*min-evaluations.*$/gm)!.length).toBeGreaterThan(0);
    expect((await cli('status', 'run', '--all')).stdout.match(/random {2}killed /g)!.length).toBeGreaterThan(
      10,
    );

    const json = JSON.parse((await cli('status', 'run', '--json')).stdout) as Status;
    expect(json).toMatchObject({
      state: 'running',
      paused: false,
      budget: 1_000_000,
      secondsLeft: expect.any(Number),
      improvedAt: expect.any(Number),
    });
    expect(json.optimizers.length).toBeGreaterThan(12);
    expect(json.events.length).toBeLessThanOrEqual(20);
    expect(json.events.map(({ type }) => type)).toContain('kill');

    await cli('pause', 'run');
    const paused = (await cli('status', 'run')).stdout;
    expect(paused).toMatch(/^running, paused \(glompo pause\)\n/);
    expect(paused).not.toContain(' left');
    expect(paused).toContain('pause: ');
    await cli('stop', 'run', '--wait');
    await run;
    const { stdout: ended } = await cli('status', 'run');
    expect(ended).toMatch(/^finished: stopped by hand: glompo stop\n/);
    expect(ended).not.toMatch(/ ago| left|lately/);
  });
});

function moments(...list: readonly (readonly [SessionMoment['type'], number])[]): readonly SessionMoment[] {
  return list.map(([type, at]) => ({ type, at }));
}

describe('what a run may still take', () => {
  it('is the lesser of what the budget and the time leave', () => {
    const stop = { any: [{ 'max-evaluations': 300 }, { 'max-seconds': 60 }] };
    const config = { stop };
    expect(
      prospectOf(runWith({ config }), { rate: 10, session: [{ type: 'run-started', at: 1000 }] }, 21_000),
    ).toEqual({
      budget: 300,
      secondsLeft: 20,
    });
    expect(
      prospectOf(runWith({ config }), { rate: 1, session: [{ type: 'run-started', at: 1000 }] }, 21_000),
    ).toEqual({
      budget: 300,
      secondsLeft: 40,
    });
    expect(
      prospectOf(
        runWith({ config, paused: true }),
        { rate: 1, session: [{ type: 'run-started', at: 0 }] },
        9,
      ),
    ).toEqual({
      budget: 300,
      secondsLeft: null,
    });
    expect(prospectOf(runWith({}), { rate: 1, session: [{ type: 'run-started', at: 0 }] }, 9)).toEqual({
      budget: null,
      secondsLeft: null,
    });
    expect(
      prospectOf(runWith({ config }, 'crashed'), { rate: 1, session: [{ type: 'run-started', at: 0 }] }, 9)
        .secondsLeft,
    ).toBeNull();
  });

  it('does not count the pauses of a session, nor one that it began with', () => {
    const run = runWith({ config: { stop: { 'max-seconds': { seconds: 60, of: 'session' } } } });
    const left = (session: readonly SessionMoment[]): number | null =>
      prospectOf(run, { rate: null, session }, 41_000).secondsLeft;
    expect(left(moments(['resumed', 1000]))).toBe(20);
    expect(left(moments(['run-started', 1000], ['pause', 5000], ['unpause', 15_000]))).toBe(30);
    expect(left(moments(['resumed', 1000], ['unpause', 21_000]))).toBe(40);
  });

  it('goes by all sessions where the limit does', () => {
    const config = { stop: { 'max-seconds': { seconds: 60, of: 'overall' } } };
    const session = [{ type: 'resumed', at: 0 }] as const;
    expect(
      prospectOf(runWith({ config, overallSeconds: 50 }), { rate: null, session }, 1000).secondsLeft,
    ).toBe(10);
  });

  it.each([
    [12.4, '12 s'],
    [150, '3 min'],
    [9000, '2.5 h'],
    [400_000, '5 days'],
  ])('is said roughly: %d is %s', (seconds, text) => {
    expect(about(seconds)).toBe(text);
  });
});
