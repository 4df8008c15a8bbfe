import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { workerDifferences, workerFacts } from '../../src/manager/worker-facts.ts';
import { Folder } from '../support/folder.ts';

async function configOf(folder: Folder, more: object = {}): Promise<RunConfig> {
  folder.write('task.mjs', 'export default (x) => x[0];');
  return await resolveConfig(
    { task: { module: 'task.mjs' }, parameters: [{ name: 'a', min: -0, max: 1 }], ...more },
    { baseDir: folder.path },
  );
}

/** As they come over the network. */
const sent = (facts: JsonObject): JsonObject => JSON.parse(JSON.stringify(facts)) as JsonObject;

describe('what a worker says of its task', () => {
  it('is the same wherever the files are, and whatever JSON makes of numbers', async () => {
    using here = new Folder();
    using there = new Folder();
    const own = sent(workerFacts(await configOf(here)));
    expect(workerDifferences(own, sent(workerFacts(await configOf(there))))).toEqual([]);
    expect(JSON.stringify(own)).not.toContain(here.path);
  });

  it.each([
    { command: ['./tool.py', '{a}'], templates: { 'in.dat': 'in.tpl' }, workDirectory: { copy: ['in.tpl'] } },
    { command: ['./tool.py'], protocol: 'jsonl' },
    { python: 'tool.py:loss' },
  ])('is the same for a program in a folder of another name: %j', async (task) => {
    using here = new Folder();
    using there = new Folder();
    const told = await Promise.all(
      [here, there].map(async (folder, i) => {
        // What is relative to the configuration is so in its folder.
        const baseDir = folder.at(`fit-${i}`);
        chmodSync(folder.write(`fit-${i}/tool.py`, '#!/usr/bin/env python3\n'), 0o755);
        folder.write(`fit-${i}/in.tpl`, '{{a}}');
        const parameters = [{ name: 'a', min: 0, max: 1 }];
        return sent(workerFacts(await resolveConfig({ task, parameters }, { baseDir })));
      }),
    );
    expect(workerDifferences(told[0]!, told[1]!)).toEqual([]);
    expect(JSON.stringify(told[0])).not.toContain('fit-0');
  });

  it('differs in the content of files, in parameters and in the protocol', async () => {
    using here = new Folder();
    using there = new Folder();
    const own = sent(workerFacts(await configOf(here)));
    const other = await configOf(there);
    there.write('task.mjs', 'export default (x) => 2 * x[0];');
    expect(workerDifferences(own, sent(workerFacts(other)))).toEqual([
      expect.stringContaining('has another content at the worker'),
    ]);
    const wider = await configOf(here, { parameters: [{ name: 'a', min: 0, max: 2 }] });
    expect(workerDifferences(own, sent(workerFacts(wider)))).toEqual([
      expect.stringMatching(/^parameters\[0\]: .*"max":2.* at the worker, .*"max":1.* at the manager$/),
    ]);
    expect(workerDifferences(own, { ...own, protocol: 99 })).toEqual([
      expect.stringContaining('protocol: 99 at the worker'),
    ]);
    expect(workerDifferences(own, {})).not.toEqual([]);
  });

  it('fits into a message, whatever there is to say, and differs in it all the same', async () => {
    using folder = new Folder();
    const facts = async (max: number): Promise<JsonObject> => {
      const parameters = Array.from({ length: 15_000 }, (_, i) => ({ name: `parameter${i}`, min: 0, max }));
      return sent(workerFacts(await configOf(folder, { parameters })));
    };
    const [one, other] = [await facts(1), await facts(2)];
    expect(JSON.stringify(one).length).toBeLessThan(500_000);
    expect(workerDifferences(one, await facts(1))).toEqual([]);
    expect(workerDifferences(one, other)).toEqual([
      expect.stringMatching(/^parameters: .* at the worker, .*"count":15000,"hash":.* at the manager$/),
    ]);
    const few = sent(workerFacts(await configOf(folder)));
    expect(workerDifferences(few, one)).toEqual([
      expect.stringMatching(/^parameters: .*"count":15000,.* at the worker, \[.* at the manager$/),
    ]);
  });

  it('tells no value that programs find in their environment', async () => {
    using folder = new Folder();
    const facts = async (key: string): Promise<JsonObject> =>
      sent(
        workerFacts(
          await configOf(folder, { task: { command: ['true'], environment: { set: { API_KEY: key } } } }),
        ),
      );
    const [one, other] = [await facts('s3cret-one'), await facts('s3cret-two')];
    expect(JSON.stringify(one)).not.toContain('s3cret');
    const differences = workerDifferences(one, other);
    expect(differences).toHaveLength(1);
    expect(differences[0]).not.toContain('s3cret');
  });
});
