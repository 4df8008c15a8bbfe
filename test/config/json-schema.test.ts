import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fromJSONSchema } from 'zod';
import { checkers } from '../../src/checkers/registry.ts';
import { configSchema } from '../../src/config/json-schema.ts';
import { toPlain } from '../../src/config/write.ts';
import { generators } from '../../src/generators/registry.ts';
import { hunters } from '../../src/hunters/registry.ts';
import { namedOptimizers } from '../../src/optimizers/registry.ts';
import { selectors } from '../../src/selectors/registry.ts';
import { dir, load, refusal } from './support.ts';

const schema = configSchema();
const validator = fromJSONSchema(schema);
const accepts = (text: string): boolean => validator.safeParse(parse(text)).success;

const PARAMETERS = 'parameters: [{ name: a, min: 1, max: 2 }]\n';
const MODULE = `task: { module: task.ts }\n${PARAMETERS}`;
writeFileSync(join(dir, 'fit.py'), '');

describe('the JSON Schema of configurations', () => {
  it('is JSON, and names every component and option', () => {
    expect(JSON.parse(JSON.stringify(schema))).toStrictEqual(schema);
    const text = JSON.stringify(schema);
    for (const registry of [checkers, generators, hunters, namedOptimizers, selectors])
      for (const { name, summary, options } of registry.all()) {
        expect(text).toContain(JSON.stringify(name));
        expect(text).toContain(JSON.stringify(summary));
        for (const { description } of Object.values(options.properties))
          expect(text).toContain(JSON.stringify(description));
      }
  });

  it.each([
    'task: { benchmark: sphere, dimension: 2 }',
    `task: { command: [sh, -c, "exit 1"], protocol: jsonl, environment: { pass: [A*], set: { B: 1 } }, startSeconds: 5 }\n${PARAMETERS}`,
    `task: { python: fit.py:loss, interpreter: /bin/sh, directory: ., maxEvaluationsPerWorker: 5 }\n${PARAMETERS}`,
    `${MODULE}optimizers: [random, { cma-es: }, { cma-es: { workers: 2, sigma0: 0.3 } }]`,
    `${MODULE}optimizers: { selector: cycle, use: [{ random: { evaluate: threads } }] }`,
    `${MODULE}optimizers: { selector: cycle }`,
    `${MODULE}generator: { random: {} }`,
    `${MODULE}hunters: none`,
    `${MODULE}hunters:`,
    `${MODULE}hunters: { any: [{ best-unmoving: 5 }, { not: { all: [value-annealing, { best-unmoving: { calls: 5 } }] } }] }`,
    `${MODULE}stop: { max-seconds: 5 }`,
    `${MODULE}stop: { any: [{ max-seconds: { seconds: 5, of: overall } }, { target-value: 0 }] }`,
    `${MODULE}manager: { seed: 1, onFailure: { recover: 5 }, maxJobs: 2 }`,
  ])('accepts what is accepted: %s', async (text) => {
    const config = await load(`${text}\n`);
    expect(accepts(text)).toBe(true);
    expect(validator.safeParse(toPlain(config)).success).toBe(true);
  });

  it.each([
    'manager: { seed: 1 }',
    'task: { module: task.ts, benchmark: sphere }',
    `task: { command: sh, protocol: jsonl }\n${PARAMETERS}`,
    `task: { command: [sh], protocol: json }\n${PARAMETERS}`,
    `task: { python: fit.py, environment: { pas: [] } }\n${PARAMETERS}`,
    `${MODULE}paramters: []`,
    'task: { module: task.ts }\nparameters: [{ name: a, value: 1, min: 2 }]',
    `${MODULE}optimizers: [{ cma-es: { sigma0: 2 } }]`,
    `${MODULE}optimizers: [{ cma-es: {}, random: {} }]`,
    `${MODULE}optimizers: []`,
    `${MODULE}hunters: [value-annealing]`,
    `${MODULE}hunters: best-unmoving`,
    `${MODULE}stop: { any: [] }`,
    `${MODULE}stop: { any: [{ not: { max-seconds: 0 } }] }`,
    `${MODULE}manager: { onFailure: best }`,
  ])('refuses what is refused: %s', async (text) => {
    expect(await refusal(text)).not.toEqual([]);
    expect(accepts(text)).toBe(false);
  });
});
