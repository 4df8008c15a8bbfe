import type { Json, JsonObject } from '../../../core/json.ts';
import { Failure } from '../../failure.ts';
import type { TaskResult } from '../../contract.ts';
import { parseLenientJson } from '../../text/json.ts';
import { parseNumber } from '../../text/numbers.ts';
import type { DakotaFiles } from './spec.ts';

/** What a results file holds, by label. */
interface Results {
  readonly functions: ReadonlyMap<string, number>;
  readonly gradients: ReadonlyMap<string, readonly number[]>;
  readonly metadata: ReadonlyMap<string, number>;
}

/**
 * What a driver wrote, as a task returns it.
 *
 * @throws {Failure} when it says `fail`, or the file is not as it should be
 * @see Dakota User's Manual, "Dakota Results File Data Format"
 */
export function readResults(text: string, files: DakotaFiles, wantsGradient: boolean): TaskResult {
  const hasGradients = wantsGradient && files.gradients && !files.isCalibration;
  const results = files.resultsFormat === 'json' ? fromJson(text) : fromLines(text, files, hasGradients);
  const valueOf = (label: string): number => {
    const value = results.functions.get(label);
    if (value === undefined)
      throw fault(
        `has no ${label}, but ${[...results.functions.keys()].map((key) => JSON.stringify(key)).join(', ')}`,
      );
    return value;
  };
  const { responses, constraints, isCalibration } = files;
  const breaches = constraints.map(valueOf).filter((value) => value > 0);
  const besides = [...constraints, ...(isCalibration ? [] : responses.slice(1))];
  const extras: Record<string, Json> = Object.fromEntries([
    ...besides.map((label) => [label, valueOf(label)] as const),
    ...results.metadata,
  ]);
  const gradient = hasGradients ? results.gradients.get(responses[0]!) : undefined;
  return {
    ...(isCalibration ? { residuals: responses.map(valueOf) } : { value: valueOf(responses[0]!) }),
    ...(gradient ? { gradient } : {}),
    ...(constraints.length > 0 ? { violation: breaches.reduce((sum, value) => sum + value, 0) } : {}),
    ...(Object.keys(extras).length > 0 ? { extras } : {}),
  };
}

function fault(what: string): Failure {
  return new Failure(`its results file ${what}`);
}

/** Dakota looks for this at the beginning of the file, in any case. */
function refuseFailure(text: string): void {
  if (/^\s*fail/i.test(text)) throw new Failure('the driver says FAIL in its results file');
}

function fromLines(text: string, files: DakotaFiles, hasGradients: boolean): Results {
  refuseFailure(text);
  const { metadata } = files;
  const labels = [...files.responses, ...files.constraints];
  // Hessians, which nobody asked for, before gradients: `[[ … ]]`.
  const plain = text.replaceAll(/\[\[[^\]]*\]\]/g, ' ');
  const gradients = [...plain.matchAll(/\[([^[\]]*)\]/g)].map(([, inner = '']) => numbersOf(inner));
  const values: number[] = [];
  for (const word of plain.replaceAll(/\[[^[\]]*\]/g, ' ').split(/\s+/)) {
    const value = parseNumber(word);
    // Labels are for people: Dakota, too, goes by the order.
    if (value !== undefined) values.push(value);
  }
  const expected = labels.length + metadata.length;
  if (values.length !== expected)
    throw fault(`has ${values.length} values, expected ${expected}: ${[...labels, ...metadata].join(', ')}`);
  if (hasGradients && gradients.length < 1) throw fault('has no gradient, which was asked for');
  return {
    functions: new Map(labels.map((label, i) => [label, values[i]!])),
    gradients: new Map(gradients.slice(0, labels.length).map((gradient, i) => [labels[i]!, gradient])),
    metadata: new Map(metadata.map((label, i) => [label, values[labels.length + i]!])),
  };
}

function numbersOf(text: string): readonly number[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const value = parseNumber(word);
      if (value === undefined) throw fault(`has ${JSON.stringify(word)} in a gradient`);
      return value;
    });
}

function fromJson(text: string): Results {
  // Drivers that know nothing of JSON fail in the old way.
  refuseFailure(text);
  let json: Json;
  try {
    json = parseLenientJson(text);
  } catch {
    throw fault('is no JSON');
  }
  const { functions, gradients, metadata, fail } = (json ?? {}) as JsonObject;
  if (fail !== undefined && fail !== false && fail !== 'false')
    throw new Failure('the driver says fail in its results file');
  return {
    functions: mapOf(functions, 'functions', numberOf),
    gradients: mapOf(gradients, 'gradients', (value, place) =>
      Array.isArray(value) ? value.map((item: Json) => numberOf(item, place)) : refuse(place),
    ),
    metadata: mapOf(metadata, 'metadata', numberOf),
  };
}

function mapOf<Value>(
  json: Json | undefined,
  place: string,
  read: (value: Json, place: string) => Value,
): ReadonlyMap<string, Value> {
  if (json === undefined) return new Map();
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse(place);
  return new Map(Object.entries(json).map(([label, value]) => [label, read(value, `${place}.${label}`)]));
}

function numberOf(value: Json, place: string): number {
  const number = typeof value === 'string' ? parseNumber(value) : value;
  return typeof number === 'number' ? number : refuse(place);
}

function refuse(place: string): never {
  throw fault(`has no number at ${place}`);
}
