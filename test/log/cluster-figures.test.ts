import { describe, expect, it } from 'vitest';
import { type ClusterFigures, clusterIn, clusterLine, hostsOf } from '../../src/log/cluster-figures.ts';

const worker = (host: string, slots: number, evaluations = 1): ClusterFigures['workers'][number] => ({
  host,
  pid: 1,
  slots,
  evaluations,
  joinedAt: 0,
});

const figures = (more: Partial<ClusterFigures> = {}): ClusterFigures => ({
  workers: [worker('a', 2, 10), worker('b', 8, 5), worker('a', 3, 7)],
  slots: 13,
  mostSlots: 13,
  counts: { lost: 0, redelivered: 0, duplicates: 0 },
  ...more,
});

describe('who works for a run', () => {
  it('is told in a line, with what was lost', () => {
    expect(clusterLine(figures())).toBe('3 workers on 2 hosts, 13 slots');
    expect(clusterLine(figures({ counts: { lost: 2, redelivered: 1, duplicates: 9 } }))).toBe(
      '3 workers on 2 hosts, 13 slots; 2 lost, 1 job given to others',
    );
    expect(clusterLine(figures({ workers: [], slots: 0 }))).toBe('no worker is there');
  });

  it('is told by machine, the one with the most slots first', () => {
    expect(hostsOf(figures())).toEqual([
      { host: 'b', workers: 1, slots: 8, evaluations: 5 },
      { host: 'a', workers: 2, slots: 5, evaluations: 17 },
    ]);
  });

  it('is read from a log, in which anything may stand', () => {
    const logged = JSON.parse(JSON.stringify(figures()));
    expect(clusterIn(logged)).toEqual(figures());
    expect(clusterIn({ ...logged, workers: [...logged.workers, { host: 5 }, null] })?.workers).toHaveLength(
      3,
    );
    for (const nonsense of [undefined, null, 3, [], {}, { ...logged, slots: 'x' }, { ...logged, counts: [] }])
      expect(clusterIn(nonsense)).toBeNull();
  });
});
