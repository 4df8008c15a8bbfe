import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeReplies, encodePoints } from '../../../src/backends/cluster/evaluations.ts';
import { Station } from '../../../src/backends/cluster/station.ts';
import { Custody } from '../../../src/processes/custody.ts';
import { Folder } from '../../support/folder.ts';
import { never } from './support.ts';

/** Ends its process below zero. */
const TASK = 'export default ([x]) => (x < 0 ? process.exit(3) : 2 * x);';

describe('a slot of a worker', () => {
  it.each(['processes', 'threads'] as const)(
    'can do again what it could not for a while, in %s',
    async (evaluate) => {
      using folder = new Folder();
      await using custody = await Custody.start();
      const path = folder.write('task.mjs', TASK);
      await using station = new Station({
        task: { kind: 'module', path },
        parameters: [{ kind: 'free', type: 'real', scale: 'linear', name: 'a', min: -5, max: 5 }],
        seed: 1,
        retries: 0,
        evaluate,
        custody: custody.ticket('thread'),
        workRoot: folder.at('work'),
        worker: 'here',
        print: () => {},
      });
      const valueAt = async (x: number): Promise<number> => {
        const jobs = [{ candidateId: 1, x: Float64Array.of(x) }];
        const points = encodePoints({ optimizerId: 1, wantsGradient: false, retries: 0 }, jobs);
        const [reply] = decodeReplies(await station.perform(points, never), jobs);
        return reply!.outcome.fx;
      };
      await station.load();
      expect(await valueAt(2)).toBe(4);
      renameSync(path, folder.at('away.mjs'));
      await valueAt(-1).catch(() => {});
      await expect(valueAt(2)).rejects.toThrow('does not exist');
      await expect(valueAt(2)).rejects.toThrow('does not exist');
      renameSync(folder.at('away.mjs'), path);
      expect(await valueAt(2)).toBe(4);
    },
  );
});
