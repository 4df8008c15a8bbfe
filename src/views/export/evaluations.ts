import type { Json, JsonObject } from '../../core/json.ts';
import type { LoggedEvaluation, LogReader } from '../../log/reader.ts';
import { extraColumn, type OwnColumn, parameterColumn } from '../columns.ts';
import type { Cell, Column, Kind, Table } from './table.ts';

interface Field extends Column {
  readonly of: (evaluation: LoggedEvaluation) => Cell;
}

type OwnField = Field & { readonly name: OwnColumn };

const BEFORE: readonly OwnField[] = [
  { name: 'call_id', kind: 'int64', of: ({ callId }) => callId },
  { name: 'optimizer_id', kind: 'int32', of: ({ optimizerId }) => optimizerId },
  { name: 'optimizer_type', kind: 'text', of: ({ optimizerType }) => optimizerType },
  { name: 'candidate_id', kind: 'int64', of: ({ candidateId }) => candidateId },
];

const AFTER: readonly OwnField[] = [
  { name: 'fx', kind: 'double', of: ({ fx }) => fx },
  { name: 'status', kind: 'text', of: ({ status }) => status },
  { name: 'counted', kind: 'boolean', of: ({ counted }) => counted },
  { name: 'violation', kind: 'double', of: ({ violation }) => violation },
  { name: 'started_at', kind: 'time', of: ({ startedAt }) => startedAt },
  { name: 'duration_ms', kind: 'double', of: ({ durationMs }) => durationMs },
  { name: 'attempts', kind: 'int32', of: ({ attempts }) => attempts },
  { name: 'worker', kind: 'text', of: ({ worker }) => worker },
  { name: 'error', kind: 'text', of: ({ error }) => error },
];

/** Every evaluation of a run. What it reads is of one moment only inside the reader's `snapshot()`. */
export function evaluationsTable(reader: LogReader): Table {
  const fields = [
    ...BEFORE,
    ...reader.names().map(parameterField),
    ...AFTER,
    ...Array.from(extrasKinds(reader.extras()), ([name, kind]) => extrasField(name, kind)),
  ];
  return { columns: fields, rows: rowsOf(fields, reader.evaluations()) };
}

function* rowsOf(
  fields: readonly Field[],
  evaluations: Iterable<LoggedEvaluation>,
): Generator<readonly Cell[], void> {
  for (const evaluation of evaluations) yield fields.map(({ of }) => of(evaluation));
}

function parameterField(name: string, index: number): Field {
  return { name: parameterColumn(name), kind: 'double', of: ({ x }) => x[index] ?? null };
}

function extrasField(name: string, kind: Kind): Field {
  return {
    name: extraColumn(name),
    kind,
    // A name may be `constructor`.
    of: ({ extras }) => (extras !== null && Object.hasOwn(extras, name) ? extras[name] : undefined),
  };
}

/** All names, in the order in which they first appear, with the one kind that all their values are of. */
function extrasKinds(all: Iterable<JsonObject>): ReadonlyMap<string, Kind> {
  const kinds = new Map<string, Kind | undefined>();
  for (const extras of all)
    for (const [name, value] of Object.entries(extras)) {
      const kind = kindOf(value);
      const before = kinds.get(name);
      kinds.set(
        name,
        before === undefined || kind === undefined || kind === before ? (kind ?? before) : 'json',
      );
    }
  // JSON has null where a task reported NaN.
  return new Map(Array.from(kinds, ([name, kind]) => [name, kind ?? 'double']));
}

function kindOf(value: Json): Kind | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return 'double';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'text' : 'json';
}
