import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cacheSchema } from '../../src/config/sections/cache.ts';
import { checkpointsSchema } from '../../src/config/sections/checkpoints.ts';
import { managerSchema } from '../../src/config/sections/manager.ts';
import { warmStartSchema } from '../../src/config/sections/warm-start.ts';

const source = readFileSync(new URL('../../src/config/run-config.ts', import.meta.url), 'utf8');

/** By name, what the comments of an interface, which editors show, say of defaults. */
function toldDefaults(name: string): Readonly<Record<string, string>> {
  const [, body = ''] = new RegExp(`interface ${name} \\{(.*?)^\\}`, 'ms').exec(source) ?? [];
  const told = body.matchAll(/@default ([^*]+?) \*\/\n {2}readonly (\w+)/g);
  return Object.fromEntries(Array.from(told, ([, value, key]) => [key!, value!]));
}

it.each([
  ['ManagerSettings', managerSchema],
  ['CheckpointSettings', checkpointsSchema],
  ['CacheSettings', cacheSchema],
  ['WarmStartSettings', warmStartSchema],
])('the defaults that %s tells are those of a configuration', (name, { properties }) => {
  const told = toldDefaults(name);
  for (const [key, { default: value }] of Object.entries(properties)) {
    if (value === undefined) continue;
    const written = typeof value === 'string' ? `'${value}'` : String(value);
    // Where it is another one at times, that is told behind it.
    expect(told[key]?.split(';')[0], key).toBe(written);
  }
});
