import { hostname } from 'node:os';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { clusterIn } from '../log/cluster-figures.ts';
import { VERSION } from '../version.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What a log says of the end of its run: it goes on, and has none now. */
export const NO_END: JsonObject = { stopReason: null, endedAt: null, endedBy: null, result: null };

/** Who worked for it in the session before does so no more, and where there is an engine has to join again. */
export function withoutWorkers({ cluster }: JsonObject): JsonObject {
  const figures = clusterIn(cluster);
  return figures ? { cluster: { ...figures, workers: [], slots: 0 } } : {};
}

/** What its optimizers depend on, and nothing can force. @returns one line each */
export function fixedDifferences(before: JsonObject, { manager }: RunConfig): readonly string[] {
  return (['seed', 'reproducible', 'roundEvaluations'] as const)
    .filter(
      (key) => (before[key] ?? null) !== (manager[key] ?? null) && (key !== 'reproducible' || key in before),
    )
    .map(
      (key) =>
        `manager.${key}: ${JSON.stringify(before[key] ?? null)} in the log, now ${JSON.stringify(manager[key] ?? null)}; its optimizers depend on it`,
    );
}

/** What runs a run here and now. */
export const RUNTIME: JsonObject = {
  glompo: VERSION,
  node: process.versions.node,
  v8: process.versions.v8,
  platform: `${process.platform} ${process.arch}`,
};

/** What a log is to say of a run, and of what runs it, from now on. */
export function factsOf(config: RunConfig): JsonObject {
  return {
    status: 'running',
    ...RUNTIME,
    host: hostname(),
    managerPid: process.pid,
    names: config.parameters.map(({ name }) => name),
    seed: config.manager.seed,
    config: toPlain(config),
    fingerprint: fingerprintOf(config),
  };
}

/** What a log says of what was run, and of what ran it. */
export function identityIn(facts: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(facts).filter(([key]) => IDENTITY.has(key)));
}

export function withoutIdentity(facts: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(facts).filter(([key]) => !IDENTITY.has(key)));
}

const IDENTITY: ReadonlySet<string> = new Set(['glompo', 'node', 'v8', 'platform', 'config', 'fingerprint']);

/** What wrote a log last, in words. */
export function writerOf({ glompo, node, v8, platform }: JsonObject): string {
  const [version, runtime, engine, system] = [glompo, node, v8, platform].map((value) =>
    typeof value === 'string' ? value : 'unknown',
  );
  return `glompo ${version} on Node.js ${runtime} (V8 ${engine}, ${system})`;
}

/** What the log says of a run that failed before there was one that could say so. */
export function failureOf(thrown: unknown, endedAt: number): JsonObject {
  return { status: 'failed', stopReason: messageOf(thrown), endedAt, endedBy: 'failure' };
}
