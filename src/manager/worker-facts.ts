import { createHash } from 'node:crypto';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CLUSTER_PROTOCOL } from '../backends/cluster/contract.ts';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { clip } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Beyond that something is told by a hash: many engines take no more than a mebibyte at once. */
const MOST_LENGTH = 200_000;
/** Of what differs so much is shown. */
const MOST_SHOWN = 1000;

/** What a value of the task depends on: a worker's has to be the manager's. Paths may differ from machine to machine, what the files hold may not. */
export function workerFacts(config: RunConfig): JsonObject {
  const { task, parameters } = toPlain(config);
  return {
    protocol: CLUSTER_PROTOCOL,
    task: brief(withoutFolders(withoutDirectory(concealed(task!)))),
    content: fingerprintOf(config)['task'] ?? null,
    parameters: brief(parameters!),
  };
}

/** In what a worker's facts are others than the manager's: one line each, none when it has the same task. */
export function workerDifferences(here: JsonObject, there: JsonObject): readonly string[] {
  if (here['protocol'] !== there['protocol'])
    return [
      `protocol: ${shown(there['protocol'])} at the worker, ${shown(here['protocol'])} at the manager; both must be of the same version of glompo`,
    ];
  const found: string[] = [];
  if (!isDeepStrictEqual(here['task'], there['task']))
    found.push(`task: ${shown(there['task'])} at the worker, ${shown(here['task'])} at the manager`);
  else if (here['content'] !== there['content'])
    found.push(`task: ${shown(here['task'])} has another content at the worker than at the manager`);
  if (!isDeepStrictEqual(here['parameters'], there['parameters']))
    found.push(...parameterDifferences(here['parameters'], there['parameters']));
  return found;
}

function parameterDifferences(here: Json | undefined, there: Json | undefined): readonly string[] {
  if (!isList(here) || !isList(there))
    return [`parameters: ${shown(there)} at the worker, ${shown(here)} at the manager`];
  if (here.length !== there.length)
    return [`parameters: ${there.length} at the worker, ${here.length} at the manager`];
  return here.flatMap((one, i) =>
    isDeepStrictEqual(one, there[i])
      ? []
      : [`parameters[${i}]: ${shown(there[i])} at the worker, ${shown(one)} at the manager`],
  );
}

/** What programs find in their environment may be secrets: of the values goes a hash. */
function concealed(task: Json): Json {
  const { environment } = task as { readonly environment?: { readonly set?: JsonObject } };
  if (!environment?.set) return task;
  const set = Object.fromEntries(
    Object.entries(environment.set).map(([name, value]) => [
      name,
      createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12),
    ]),
  );
  return { ...(task as JsonObject), environment: { ...(environment as JsonObject), set } };
}

/** Where programs run is a folder as well: that of the configuration, as a rule. */
function withoutDirectory(task: Json): Json {
  const { directory: _, ...rest } = task as JsonObject;
  return rest;
}

function withoutFolders(value: Json): Json {
  if (typeof value === 'string') return path.isAbsolute(value) ? path.basename(value) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutFolders);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutFolders(one)]));
}

function brief(value: Json): Json {
  if (JSON.stringify(value).length <= MOST_LENGTH) return value;
  return { ...(isList(value) ? { count: value.length } : {}), hash: hashOf(value) };
}

function hashOf(value: Json): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function shown(value: Json | undefined): string {
  return clip(JSON.stringify(value) ?? 'nothing', MOST_SHOWN);
}
