import { chmodSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeReplies, encodePoints } from '../../../src/backends/cluster/evaluations.ts';
import { Station, type StationSetup } from '../../../src/backends/cluster/station.ts';
import { resolveConfig } from '../../../src/config/resolve.ts';
import { Custody } from '../../../src/processes/custody.ts';
import type { Outcome } from '../../../src/tasks/contract.ts';
import { Folder } from '../../support/folder.ts';
import { never } from './support.ts';

/** Ends its process below zero. */
const TASK = 'export default ([x]) => (x < 0 ? process.exit(3) : 2 * x);';

function stationFor(setup: Pick<StationSetup, 'task' | 'parameters' | 'custody'>, folder: Folder): Station {
  return new Station({
    ...setup,
    seed: 1,
    retries: 0,
    evaluate: 'processes',
    workRoot: folder.at('work'),
    worker: 'here',
    print: () => {},
  });
}

async function outcomeAt(station: Station, x: number, optimizerId = 1): Promise<Outcome> {
  const jobs = [{ candidateId: 1, x: Float64Array.of(x) }];
  const points = encodePoints({ optimizerId, wantsGradient: false, retries: 0 }, jobs);
  const [reply] = decodeReplies(await station.perform(points, never), jobs);
  return reply!.outcome;
}

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

  it('leaves it to others where a program that stays up cannot be started again for a while', async () => {
    using folder = new Folder();
    await using custody = await Custody.start();
    const lines = [
      '#!/usr/bin/env node',
      `const lines = require('node:readline').createInterface({ input: process.stdin });`,
      `lines.once('line', () => {`,
      `  console.log('{"ready":1}');`,
      `  lines.on('line', (line) => {`,
      '    const { id, x } = JSON.parse(line);',
      '    if (x[0] < 0) process.exit(3);',
      '    console.log(JSON.stringify({ id, value: 2 * x[0] }));',
      '  });',
      '});',
    ];
    chmodSync(folder.write('tool.cjs', lines.join('\n')), 0o755);
    const { task, parameters } = await resolveConfig(
      {
        task: { command: ['./tool.cjs'], protocol: 'jsonl' },
        parameters: [{ name: 'a', min: -5, max: 5 }],
      },
      { baseDir: folder.path },
    );
    await using station = stationFor({ task, parameters, custody: custody.ticket('thread') }, folder);
    expect(await outcomeAt(station, 2)).toMatchObject({ status: 'ok', fx: 4 });
    renameSync(folder.at('tool.cjs'), folder.at('away'));
    // The one that it died at is known.
    expect(await outcomeAt(station, -1)).toMatchObject({ status: 'failed' });
    for (let i = 0; i < 3; i++) await expect(outcomeAt(station, 2)).rejects.toThrow('tool.cjs');
    renameSync(folder.at('away'), folder.at('tool.cjs'));
    expect(await outcomeAt(station, 2)).toMatchObject({ status: 'ok', fx: 4 });
  });

  it('leaves it to others where no work directory can be made, and leaves nothing of one', async () => {
    using folder = new Folder();
    await using custody = await Custody.start();
    chmodSync(folder.write('tool.sh', '#!/bin/sh\ncat data'), 0o755);
    folder.write('data', ' 4\n');
    const { task, parameters } = await resolveConfig(
      {
        task: { command: ['./tool.sh'], workDirectory: { copy: ['data'], link: ['tool.sh'] } },
        parameters: [{ name: 'a', min: -5, max: 5 }],
      },
      { baseDir: folder.path },
    );
    await using station = stationFor({ task, parameters, custody: custody.ticket('thread') }, folder);
    expect(await outcomeAt(station, 2)).toMatchObject({ status: 'ok', fx: 4 });
    renameSync(folder.at('data'), folder.at('away'));
    await expect(outcomeAt(station, 2)).rejects.toThrow('data');
    expect(folder.has('work/optimizer-0001/candidate-000001')).toBe(false);
    renameSync(folder.at('away'), folder.at('data'));
    // A file is where the directory is to be.
    rmSync(folder.at('work'), { recursive: true });
    folder.write('work', '');
    await expect(outcomeAt(station, 2)).rejects.toThrow('work');
    rmSync(folder.at('work'));
    expect(await outcomeAt(station, 2)).toMatchObject({ status: 'ok', fx: 4 });
  });

  it.each(['tool.sh', 'fit.tpl', 'data'])(
    'leaves it to others where %s is not there for a while',
    async (name) => {
      using folder = new Folder();
      await using custody = await Custody.start();
      chmodSync(folder.write('tool.sh', '#!/bin/sh\ncat fit.txt data; [ "$1" != -1 ]'), 0o755);
      folder.write('fit.tpl', '{{a}}');
      folder.write('data', ' 4\n');
      const { task, parameters } = await resolveConfig(
        {
          task: {
            command: ['./tool.sh', '{a}'],
            templates: { 'fit.txt': 'fit.tpl' },
            workDirectory: { copy: ['data'] },
          },
          parameters: [{ name: 'a', min: -5, max: 5 }],
        },
        { baseDir: folder.path },
      );
      await using station = stationFor({ task, parameters, custody: custody.ticket('thread') }, folder);
      await station.load();
      expect(await outcomeAt(station, 2)).toMatchObject({ status: 'ok', fx: 4 });
      // A point that fails where all is there is a point that fails.
      expect(await outcomeAt(station, -1)).toMatchObject({ status: 'failed' });
      renameSync(folder.at(name), folder.at('away'));
      // Of an optimizer that it knows, for which it has read its templates, and of one that it does not.
      for (const optimizerId of name === 'fit.tpl' ? [2] : [1, 2])
        await expect(outcomeAt(station, 2, optimizerId)).rejects.toThrow(
          `${folder.at(name)} is not there any more`,
        );
      renameSync(folder.at('away'), folder.at(name));
      for (const optimizerId of [1, 2])
        expect(await outcomeAt(station, 2, optimizerId)).toMatchObject({ status: 'ok', fx: 4 });
    },
  );
});
