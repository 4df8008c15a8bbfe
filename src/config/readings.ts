import { messageOf } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Reading, Readings } from '../tasks/command/spec.ts';
import { parseJsonPath } from '../tasks/text/json.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, type RawMap, refuseUnknown, shown } from './raw.ts';
import { check } from './schema.ts';
import { readingSchema } from './sections/command-task.ts';

const PARTS = ['value', 'residuals', 'gradient', 'violation', 'censored', 'extras'] as const;
const WAYS = ['json', 'pattern', 'last-number', 'numbers'] as const;

/** Reads `task.read`: one reading, which is of the value, or several by what they are of. */
export function readReadings(value: unknown, path: Path, problems: Problems): Readings | undefined {
  if (value === undefined || value === null) return { value: { kind: 'last-number' } };
  if (!isMap(value) || WAYS.some((way) => way in value)) {
    const reading = readReading(value, path, problems);
    return reading && { value: reading };
  }
  refuseUnknown(value, PARTS, path, problems);
  const before = problems.count;
  const readings: Readings = {
    ...readPart('value', value, path, problems),
    ...readPart('gradient', value, path, problems),
    ...readPart('violation', value, path, problems),
    ...readPart('censored', value, path, problems),
    ...(value['residuals'] === undefined
      ? {}
      : { residuals: readBlocks(value['residuals'], [...path, 'residuals'], problems) }),
    ...(value['extras'] === undefined
      ? {}
      : { extras: readMap(value['extras'], [...path, 'extras'], problems) }),
  };
  if (readings.value && readings.residuals)
    problems.add(path, 'expected value or residuals, of which the value follows, got both');
  // The value has a default, unless there are residuals.
  const complete: Readings =
    readings.value || readings.residuals ? readings : { ...readings, value: { kind: 'last-number' } };
  return problems.count === before ? complete : undefined;
}

function readPart(
  part: 'value' | 'gradient' | 'violation' | 'censored',
  map: RawMap,
  path: Path,
  problems: Problems,
): Readings {
  if (map[part] === undefined) return {};
  const reading = readReading(map[part], [...path, part], problems);
  return reading ? { [part]: reading } : {};
}

/** One list of residuals, or several by the names of their blocks. */
function readBlocks(value: unknown, path: Path, problems: Problems): NonNullable<Readings['residuals']> {
  if (isMap(value) && !WAYS.some((way) => way in value)) return readMap(value, path, problems);
  return readReading(value, path, problems) ?? {};
}

function readMap(value: unknown, path: Path, problems: Problems): Readonly<Record<string, Reading>> {
  if (!isMap(value)) {
    problems.add(path, `expected a map of names to what is read, got ${shown(value)}`);
    return {};
  }
  const entries = Object.entries(value).map(
    ([name, item]) => [name, readReading(item, [...path, name], problems)] as const,
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, Reading] => entry[1] !== undefined));
}

function readReading(value: unknown, path: Path, problems: Problems): Reading | undefined {
  if (value === 'last-number' || value === 'numbers') return { kind: value };
  if (!isMap(value)) {
    problems.add(
      path,
      `expected last-number, numbers, or a map with one of ${WAYS.join(', ')}, got ${shown(value)}`,
    );
    return undefined;
  }
  const { isValid, values } = check(readingSchema, value, path, problems);
  if (!isValid) return undefined;
  const ways = WAYS.filter((way) => values[way] !== undefined);
  const [way] = ways;
  if (ways.length !== 1 || way === undefined) {
    problems.add(
      path,
      `expected one of ${WAYS.join(', ')}, got ${ways.length === 0 ? 'none' : ways.join(' and ')}`,
    );
    return undefined;
  }
  const written = values[way] as string;
  const file = values['file'] as string | undefined;
  if (way === 'last-number' || way === 'numbers') {
    if (file !== undefined) problems.add([...path, 'file'], `${way} names its file itself`);
    return { kind: way, file: written };
  }
  const fault = way === 'json' ? faultOfPath(written) : faultOfPattern(written);
  if (fault !== undefined) problems.add([...path, way], fault);
  const from = file === undefined ? {} : { file };
  return way === 'json'
    ? { kind: 'json', path: written, ...from }
    : { kind: 'pattern', pattern: written, ...from };
}

function faultOfPath(written: string): string | undefined {
  return parseJsonPath(written) ? undefined : 'expected a path such as result.loss, terms[0] or ["a.b"]';
}

function faultOfPattern(written: string): string | undefined {
  try {
    void new RegExp(written, 'gm');
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** As a configuration has them. */
export function writtenReadings(readings: Readings): JsonObject {
  return Object.fromEntries(
    Object.entries(readings).map(([part, reading]) => [
      part,
      isReading(reading) ? writtenReading(reading) : writtenMap(reading as Readonly<Record<string, Reading>>),
    ]),
  );
}

function isReading(value: object): value is Reading {
  return 'kind' in value && typeof value.kind === 'string';
}

function writtenMap(readings: Readonly<Record<string, Reading>>): JsonObject {
  return Object.fromEntries(Object.entries(readings).map(([name, one]) => [name, writtenReading(one)]));
}

function writtenReading(reading: Reading): Json {
  switch (reading.kind) {
    case 'last-number':
    case 'numbers':
      return reading.file === undefined ? reading.kind : { [reading.kind]: reading.file };
    case 'json':
      return { json: reading.path, ...(reading.file === undefined ? {} : { file: reading.file }) };
    case 'pattern':
      return { pattern: reading.pattern, ...(reading.file === undefined ? {} : { file: reading.file }) };
  }
}
