import { isDeepStrictEqual } from 'node:util';
import type { RunConfig, WarmStartSettings } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { readLog } from '../log/reader.ts';
import { fingerprintOf } from './fingerprint.ts';
import { isStatedAlike } from './same-task.ts';

/** A parameter of another run, as far as its log says. */
export interface OtherParameter {
  readonly name: string;
  /** Its place in every `x` there. */
  readonly at: number;
  /** Where it is fixed. */
  readonly value?: number;
}

/** @param facts of a log; one that was imported may have names alone */
export function parametersOf(facts: JsonObject): readonly OtherParameter[] {
  const names = Array.isArray(facts['names']) ? facts['names'].map(String) : [];
  const { parameters } = (facts['config'] ?? {}) as JsonObject;
  const fixed = new Map(
    (Array.isArray(parameters) ? (parameters as readonly JsonObject[]) : []).flatMap(({ name, value }) =>
      typeof value === 'number' ? [[name as string, value] as const] : [],
    ),
  );
  return names.map((name, at) => {
    const value = fixed.get(name);
    return value === undefined ? { name, at } : { name, at, value };
  });
}

/**
 * What keeps a run from starting with the evaluations of another one; nothing when there is no `warmStart`.
 *
 * @returns one line for each mistake
 */
export function warmStartFaults(config: RunConfig): readonly string[] {
  const { warmStart } = config;
  if (!warmStart) return [];
  let facts: JsonObject;
  try {
    facts = readLog(warmStart.run, (reader) => reader.facts());
  } catch (error) {
    return [messageOf(error)];
  }
  return [...parameterFaults(facts, config, warmStart), ...taskFaults(facts, config, warmStart)];
}

function parameterFaults(
  facts: JsonObject,
  { parameters }: RunConfig,
  { run, force }: WarmStartSettings,
): string[] {
  const others = new Map(parametersOf(facts).map((one) => [one.name, one]));
  const faults: string[] = [];
  for (const parameter of parameters) {
    const { name, kind } = parameter;
    const other = others.get(name);
    others.delete(name);
    // The value of a tied one follows from the others.
    if (!other && kind !== 'tied')
      faults.push(`the run in ${run} has no parameter ${name}, so its points are none of this run`);
    else if (kind === 'fixed' && other?.value !== undefined && other.value !== parameter.value)
      faults.push(`${name} is fixed at ${other.value} in ${run}, and at ${parameter.value} here`);
  }
  if (!force)
    for (const name of others.keys())
      faults.push(
        `${name} is a parameter in ${run}, and not here: its values may depend on it; say force: true to leave it out`,
      );
  return faults;
}

function taskFaults(facts: JsonObject, config: RunConfig, { run, force }: WarmStartSettings): string[] {
  const { task: before } = (facts['config'] ?? {}) as JsonObject;
  // A log that was imported may not say of which task it is.
  if (force || before === undefined) return [];
  const { task: now } = toPlain(config);
  const { task: printBefore } = (facts['fingerprint'] ?? {}) as JsonObject;
  const { task: printNow } = fingerprintOf(config);
  const isHashed = typeof printBefore === 'string' && typeof printNow === 'string';
  const anyway = 'its values may be others; say force: true to take them all the same';
  if (!(isHashed ? isStatedAlike(before, config) : isDeepStrictEqual(before, now)))
    return [`the task of ${run} is ${JSON.stringify(before)}, and here ${JSON.stringify(now)}: ${anyway}`];
  return isHashed && printBefore !== printNow
    ? [`the task of ${run} had another content than it has now: ${anyway}`]
    : [];
}
