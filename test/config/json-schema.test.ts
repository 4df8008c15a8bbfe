import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkers } from '../../src/checkers/registry.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { configSchema } from '../../src/config/json-schema.ts';
import { toPlain } from '../../src/config/write.ts';
import { generators } from '../../src/generators/registry.ts';
import { hunters } from '../../src/hunters/registry.ts';
import { namedOptimizers } from '../../src/optimizers/registry.ts';
import { selectors } from '../../src/selectors/registry.ts';
import { fitsSchema } from './fits-schema.ts';
import { dir, load, refusal } from './support.ts';

const schema = configSchema();
const accepts = (text: string): boolean => fitsSchema(parse(text));

const PARAMETERS = 'parameters: [{ name: a, min: 1, max: 2 }]\n';
const MODULE = `task: { module: task.ts }\n${PARAMETERS}`;
writeFileSync(join(dir, 'fit.py'), '');

const withPlugins = (text: string): string =>
  `${MODULE}optimizers: [mine, { other: { any: 1, generator: elsewhere } }, { cma-es: { generator: mine } }]\n` +
  `generator: { walk: 5 }\nhunters: { any: [mine, { not: mine }] }\nstop: { mine: {} }\n${text}`;

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

  it('says of every key what it means', () => {
    expect([...undescribed(schema)]).toEqual([]);
  });

  it('has each default that a component or a section states', () => {
    const { properties } = (
      schema['properties'] as Readonly<Record<string, { anyOf: [{ properties: object }] }>>
    )['manager']!.anyOf[0];
    expect(properties).toMatchObject({
      backend: { default: 'threads' },
      huntFrequency: { default: 100 },
      onFailure: { default: 'worst' },
    });
  });

  it('lets components of plug-ins pass where there are plug-ins, and keeps an eye on ours', () => {
    expect(accepts(withPlugins('plugins: [./mine.ts]'))).toBe(true);
    for (const text of ['', 'plugins: []', 'plugins:']) expect(accepts(withPlugins(text)), text).toBe(false);
    const named = (section: string): boolean => accepts(`${MODULE}plugins: [./mine.ts]\n${section}`);
    expect(named('optimizers: [{ cma-es: { sigma: 1 } }]')).toBe(false);
    expect(named('hunters: { any: [] }')).toBe(false);
    expect(named('hunters: { mine: {}, other: {} }')).toBe(false);
    for (const section of [
      'optimizers: [cmaes]',
      'optimizers: { selector: cycel }',
      'optimizers: [{ cma-es: { generator: radnom } }]',
      'generator: radnom',
      'hunters: { all: [{ not: best-moving }] }',
      'stop: { any: [{ max-evals: 5 }] }',
    ])
      expect(accepts(`${MODULE}${section}`), section).toBe(false);
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
    expect(fitsSchema(toPlain(config))).toBe(true);
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

/** Keys without a description. What only says more of keys that stand elsewhere needs none. */
function* undescribed(part: JsonObject, at = '$'): Generator<string, void> {
  const { properties = {}, $defs = {}, anyOf = [], items, additionalProperties } = part;
  for (const [key, value] of Object.entries(properties as Readonly<Record<string, JsonObject>>)) {
    if (!value['description']) yield `${at}.${key}`;
    yield* undescribed(value, `${at}.${key}`);
  }
  for (const [key, value] of Object.entries($defs as Readonly<Record<string, JsonObject>>))
    if (!key.startsWith('own-')) yield* undescribed(value, key);
  for (const one of [...(anyOf as readonly JsonObject[]), items, additionalProperties])
    if (typeof one === 'object' && one !== null) yield* undescribed(one as JsonObject, at);
}
