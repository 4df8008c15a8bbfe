import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { usableCores } from '../../src/pool.ts';
import { Folder } from '../support/folder.ts';

/** A machine of so many cores, of two threads each: 0 and `cores`, 1 and `cores` + 1, … */
function machine(
  folder: Folder,
  cores: number,
  allowed: string,
  quotas: Readonly<Record<string, string>> = {},
): string {
  folder.write('proc/self/status', `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${allowed}\n`);
  folder.write('proc/self/cgroup', '0::/a/b\n');
  for (let cpu = 0; cpu < 2 * cores; cpu++)
    folder.write(
      `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`,
      `${cpu % cores},${(cpu % cores) + cores}\n`,
    );
  for (const [group, quota] of Object.entries(quotas)) folder.write(`sys/fs/cgroup${group}/cpu.max`, quota);
  return folder.path;
}

describe('the cores that a process may use', () => {
  it.each([
    ['all cores', '0-7', {}, 4, 8],
    ['those that it may run on', '0,2,4-6', {}, 3, 5],
    ['one of two threads', '3', {}, 1, 1],
    ['no more than its group has time for', '0-7', { '/a/b': '250000 100000' }, 2, 2],
    ['nor than a group around it has', '0-7', { '/a/b': 'max 100000', '/a': '150000 50000' }, 3, 3],
    ['one at least', '0-7', { '/a': '10000 100000' }, 1, 1],
  ])('are %s', (_, allowed, quotas, physical, logical) => {
    using folder = new Folder();
    const root = machine(folder, 4, allowed, quotas);
    expect(usableCores({ root })).toBe(physical);
    expect(usableCores({ root, logical: true })).toBe(logical);
  });

  it('are what Node.js says where there is no /proc', () => {
    using folder = new Folder();
    expect(usableCores({ root: folder.path })).toBe(availableParallelism());
  });

  it('are some here', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
    expect(usableCores()).toBeLessThanOrEqual(usableCores({ logical: true }));
  });
});
