import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { filesOf } from '../tasks/files.ts';
import { type Json, type JsonObject, textOf } from '../core/json.ts';

/** What a run's values depend on besides its configuration: the content of the task's file, and of its plug-ins', as SHA-256. */
export function fingerprintOf({ task, plugins }: RunConfig): JsonObject {
  return {
    task: hashOfAll(filesOf(task)),
    plugins: Object.fromEntries(plugins.map((plugin) => [plugin, hashOf(plugin)])),
  };
}

/** Of several files the hash of their hashes; `null` when there are none. */
function hashOfAll(files: readonly string[]): string | null {
  const [only, ...more] = files;
  if (only === undefined) return null;
  return more.length === 0
    ? hashOf(only)
    : createHash('sha256').update(files.map(hashOf).join()).digest('hex');
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * In what a run that is to go on is another one than that of the log: then its old values say nothing of new ones.
 *
 * @param facts of the log
 * @returns one line each; none when it is the same
 */
export function differences(facts: JsonObject, config: RunConfig): readonly string[] {
  const before = (facts['config'] ?? {}) as JsonObject;
  const now = toPlain(config);
  const prints = (facts['fingerprint'] ?? {}) as JsonObject;
  const fresh = fingerprintOf(config);
  const found: string[] = [];
  if (!isDeepStrictEqual(before['task'], now['task']))
    found.push(`task: ${shown(before['task'])} in the log, now ${shown(now['task'])}`);
  else if (prints['task'] !== undefined && prints['task'] !== fresh['task'])
    found.push(`task: ${shown(now['task'])} has another content than when the log was written`);
  found.push(...parameterDifferences(before['parameters'], now['parameters']));
  for (const key of ['constraints', 'plugins'])
    if (!isDeepStrictEqual(before[key] ?? [], now[key] ?? []))
      found.push(`${key}: ${shown(before[key] ?? [])} in the log, now ${shown(now[key] ?? [])}`);
  const pluginsBefore = (prints['plugins'] ?? {}) as JsonObject;
  for (const [plugin, hash] of Object.entries(fresh['plugins'] as JsonObject))
    if (plugin in pluginsBefore && pluginsBefore[plugin] !== hash)
      found.push(`plugins: ${plugin} has another content than when the log was written`);
  return found;
}

function parameterDifferences(before: Json | undefined, now: Json | undefined): readonly string[] {
  const [old, fresh] = [byName(before), byName(now)];
  const found: string[] = [];
  for (const [name, parameter] of old)
    if (!fresh.has(name)) found.push(`parameters: ${name} is in the log, and not there now`);
    else if (!isDeepStrictEqual(parameter, fresh.get(name)))
      found.push(`parameters: ${name} is ${shown(parameter)} in the log, now ${shown(fresh.get(name))}`);
  for (const name of fresh.keys()) if (!old.has(name)) found.push(`parameters: ${name} is not in the log`);
  const order = isDeepStrictEqual([...old.keys()], [...fresh.keys()]);
  if (found.length === 0 && !order) found.push('parameters: their order is another one');
  return found;
}

function shown(value: Json | undefined): string {
  return JSON.stringify(value);
}

function byName(list: Json | undefined): Map<string, JsonObject> {
  return new Map(((list ?? []) as readonly JsonObject[]).map((one) => [textOf(one['name']), one]));
}
