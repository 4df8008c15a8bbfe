import { describe, expect, it } from 'vitest';
import { FreeSpaceGuard } from '../../src/manager/free-space.ts';
import { type Pauser, Stopwatch } from '../../src/manager/stopwatch.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';

const MB = 2 ** 20;

/** A run that does nothing but pause, on a disk whose figures are given. */
class Setting implements Disposable {
  readonly clock = new VirtualClock();
  readonly watch = new Stopwatch(this.clock);
  readonly told: string[] = [];
  free = 1000 * MB;
  log = 0;
  readonly guard: FreeSpaceGuard;

  constructor(minFreeBytes?: number) {
    this.guard = new FreeSpaceGuard({
      run: {
        pause: (reason, by) => this.pause(reason, by),
        unpause: (reason, by) => this.unpause(reason, by),
      },
      space: {
        freeBytes: () => {
          if (Number.isNaN(this.free)) throw new Error('EIO');
          return this.free;
        },
        logBytes: () => this.log,
      },
      clock: this.clock,
      directory: '/logs',
      minFreeBytes,
    });
  }

  pause(reason: string, by: Pauser = 'hand'): 'done' | 'already' {
    if (!this.watch.pause(by)) return 'already';
    this.told.push(reason);
    return 'done';
  }

  unpause(reason: string, by: Pauser = 'hand'): 'done' | 'already' {
    if (!this.watch.unpause(by)) return 'already';
    this.told.push(reason);
    if (by === 'hand') this.guard.overrule();
    return 'done';
  }

  /** @returns whether the run is paused then */
  after(seconds: number): boolean {
    const until = this.clock.elapsed() + 1000 * seconds;
    while (this.clock.elapsed() < until) this.clock.step();
    return this.watch.isPaused;
  }

  [Symbol.dispose](): void {
    this.guard[Symbol.dispose]();
    if (this.clock.step()) throw new Error('the guard still watches');
  }
}

describe('the guard of free space', () => {
  it('pauses a run below 64 MB, says how to go on, and lets it go on when there is room', () => {
    using setting = new Setting();
    setting.free = 64 * MB;
    expect(setting.after(2)).toBe(false);
    setting.free = 63 * MB;
    expect(setting.after(2)).toBe(true);
    expect(setting.told).toEqual([
      'free-space: 63 MB are free in /logs, where the log is, fewer than 64 MB; make room, and the run goes on by itself, or say glompo unpause to go on as it is',
    ]);
    setting.free = 79 * MB;
    expect(setting.after(100)).toBe(true);
    setting.free = 80 * MB;
    expect(setting.after(2)).toBe(false);
    expect(setting.told.slice(1)).toEqual(['free-space: 80 MB are free again in /logs']);
    setting.free = 1 * MB;
    expect(setting.after(2)).toBe(true);
  });

  it('wants as much free as the log grew by in the last minute, if that is more', () => {
    using setting = new Setting();
    setting.free = 200 * MB;
    for (let second = 0; second < 90; second++) {
      setting.log += 3 * MB;
      expect(setting.after(1)).toBe(false);
    }
    setting.free = 179 * MB;
    setting.log += 3 * MB;
    expect(setting.after(2)).toBe(true);
    // The log does not grow now, and still as much is wanted.
    setting.free = 200 * MB;
    expect(setting.after(120)).toBe(true);
    setting.free = 226 * MB;
    expect(setting.after(2)).toBe(false);
  });

  it('wants what the configuration says, and with 0 nothing', () => {
    using some = new Setting(5 * MB);
    some.free = 5 * MB;
    expect(some.after(2)).toBe(false);
    some.free--;
    expect(some.after(2)).toBe(true);
    using none = new Setting(0);
    none.free = 0;
    expect(none.clock.step()).toBe(false);
  });

  it('leaves the pause of a person in force', () => {
    using setting = new Setting();
    setting.free = 0;
    setting.after(2);
    expect(setting.pause('lunch')).toBe('done');
    setting.free = 1000 * MB;
    expect(setting.after(10)).toBe(true);
    expect(setting.unpause('back')).toBe('done');
    expect(setting.after(2)).toBe(false);
    setting.free = 0;
    expect(setting.after(2)).toBe(true);
  });

  it('also when that came first', () => {
    using setting = new Setting();
    setting.pause('lunch');
    setting.free = 0;
    setting.after(2);
    setting.free = 1000 * MB;
    expect(setting.after(2)).toBe(true);
    setting.unpause('back');
    expect(setting.after(2)).toBe(false);
  });

  it('gives way to a person who lets the run go on, until there has been room', () => {
    using setting = new Setting();
    setting.free = 0;
    setting.after(2);
    expect(setting.unpause('go on')).toBe('done');
    expect(setting.after(100)).toBe(false);
    setting.free = 100 * MB;
    expect(setting.after(2)).toBe(false);
    setting.free = 10 * MB;
    expect(setting.after(2)).toBe(true);
  });

  it('decides nothing while the disk cannot be asked', () => {
    using setting = new Setting();
    setting.free = NaN;
    expect(setting.after(5)).toBe(false);
    setting.free = 0;
    expect(setting.after(2)).toBe(true);
  });
});
