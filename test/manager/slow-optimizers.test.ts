import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** Takes 1.5 s to choose each point from the third one on. */
const thinker = (isSlow: boolean): string => `export default { optimizers: [{
  name: 'thinker',
  create(options, { dimension }) {
    let id = 0, told = 0;
    return {
      type: 'thinker', dimension, batchSize: 1, isSlow: ${isSlow}, stopReason: undefined,
      ask() {
        if (id > told) return [];
        const end = performance.now() + (id < 2 ? 0 : 1500);
        while (performance.now() < end);
        return [{ id: ++id, x: new Float64Array(dimension).fill(0.5) }];
      },
      tell(answers) { told += answers.length; },
      snapshot() { throw new Error('not asked for'); },
      restore() {},
    };
  },
}] };`;

const TASK = 'export default async ([a]) => { await new Promise((go) => setTimeout(go, 5)); return a; };';

interface Row {
  readonly optimizer_id: number;
}

/** The optimizer of each call, in the order of the log, and how the first one ended. */
async function run(
  backend: string,
  isSlow: boolean,
): Promise<{ readonly calls: readonly number[]; readonly first: unknown }> {
  using folder = new Folder();
  folder.write('thinker.mjs', thinker(isSlow));
  folder.write('task.mjs', TASK);
  const config = await resolveConfig(
    {
      plugins: ['thinker.mjs'],
      task: { module: 'task.mjs' },
      parameters: [{ name: 'a', min: 0, max: 1 }],
      optimizers: { selector: 'cycle', use: ['thinker', 'random'] },
      hunters: 'none',
      stop: { 'max-evaluations': 400 },
      manager: {
        maxJobs: 2,
        backend,
        seed: 1,
        containment: 'none',
        forceTerminationsAfterSeconds: 0.6,
        huntFrequency: 1000,
      },
    },
    { baseDir: folder.path },
  );
  await using manager = new GloMPOManager({ config, dir: folder.at('run') });
  await manager.start();
  const calls = query<Row>(folder.at('run'), 'SELECT optimizer_id FROM evaluations ORDER BY call_id');
  const [first] = query<object>(
    folder.at('run'),
    'SELECT status, reason FROM optimizers WHERE optimizer_id = 1',
  );
  return { calls: calls.map((row) => row.optimizer_id), first };
}

describe.each(['threads', 'processes'])(
  'an optimizer that takes long to choose its points, on %s',
  (backend) => {
    it('is not taken for dead when it has said so, and keeps neither the log nor another optimizer waiting', async () => {
      const { calls, first } = await run(backend, true);
      expect(first).toMatchObject({ status: 'stopped' });
      const own = calls.flatMap((id, at) => (id === 1 ? [at] : []));
      expect(own.length).toBeGreaterThan(2);
      // While it chose its third point the other one went on, and its second one was in the log.
      expect(own[2]! - own[1]!).toBeGreaterThan(20);
    });

    it('is ended by force when it has not', async () => {
      const { first } = await run(backend, false);
      expect(first).toMatchObject({
        status: 'crashed',
        reason: 'no sign of life for 0.6 s (forceTerminationsAfterSeconds)',
      });
    });
  },
);
