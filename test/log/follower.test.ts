import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../src/index.ts';
import { type FollowedEvent, LogFollower, type LogListener } from '../../src/log/follower.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** Notes all that it is told, in order. */
function notes(): LogListener & {
  readonly calls: number[];
  readonly events: (FollowedEvent & { readonly after: number })[];
  restarts: number;
} {
  const calls: number[] = [];
  const events: (FollowedEvent & { readonly after: number })[] = [];
  return {
    calls,
    events,
    restarts: 0,
    restarted() {
      this.restarts++;
      calls.length = 0;
      events.length = 0;
    },
    facts: () => {},
    optimizer: () => {},
    event: (event) => events.push({ ...event, after: calls.at(-1) ?? 0 }),
    row: ([call]) => calls.push(call),
  };
}

async function run(dir: string, evaluations: number): Promise<void> {
  await using manager = new GloMPOManager({
    task: { benchmark: 'sphere', dimension: 2 },
    optimizers: ['random'],
    // They kill nobody, and leave more events than are read at once.
    hunters: { 'evaluations-unmoving': { calls: 100_000, tolerance: 0.1 } },
    stop: { 'max-evaluations': evaluations },
    manager: { maxJobs: 2, backend: 'inline', seed: 1, reproducible: true, huntFrequency: 50 },
    dir,
    overwrite: true,
  });
  await manager.start();
}

describe('who follows a log', () => {
  it('is told every evaluation and every event once, in their order, however often it looks', async () => {
    using folder = new Folder();
    await run(folder.at('run'), 25_000);
    const heard = notes();
    const follower = new LogFollower(folder.at('run'), heard);
    let looks = 1;
    for (; follower.look(() => false) === 'more'; looks++) expect(follower.told.of).toBe(25_000);
    expect(looks).toBe(3);
    expect(heard.calls).toEqual(Array.from({ length: 25_000 }, (_, i) => i + 1));
    const logged = query<{ event_id: number }>(folder.at('run'), 'SELECT event_id FROM events ORDER BY 1');
    expect(logged.length).toBeGreaterThan(500);
    expect(heard.events.map(({ eventId }) => eventId)).toEqual(logged.map(({ event_id: id }) => id));
    for (const { callId, after } of heard.events) expect(after).toBeGreaterThanOrEqual(callId);
  });

  it('opens nothing while nothing was written', async () => {
    using folder = new Folder();
    await run(folder.at('run'), 100);
    const follower = new LogFollower(folder.at('run'), notes());
    expect(follower.look()).toBe('told');
    expect(follower.look()).toBe('same');
  });

  it('says that it begins anew with another run', async () => {
    using folder = new Folder();
    await run(folder.at('run'), 100);
    const heard = notes();
    const follower = new LogFollower(folder.at('run'), heard);
    follower.look();
    await run(folder.at('run'), 200);
    follower.look();
    expect(heard.restarts).toBe(1);
    expect(heard.calls).toHaveLength(200);
  });

  it.each([
    ['nothing', () => {}, 'there is no run log'],
    [
      'text',
      (file: string) => {
        writeFileSync(file, 'no log at all, and long enough to be looked at as one'.repeat(40));
      },
      'cannot read the run log',
    ],
    [
      'a log that was cut off',
      (file: string) => {
        appendFileSync(file, '');
        writeFileSync(file, Buffer.alloc(4096));
      },
      'cannot read the run log',
    ],
  ])('throws where there is %s', (_, write, message) => {
    using folder = new Folder();
    folder.made('run');
    write(folder.at('run/run.sqlite'));
    const follower = new LogFollower(folder.at('run'), notes());
    expect(() => follower.look()).toThrow(message);
    expect(() => follower.look()).toThrow(message);
  });
});
