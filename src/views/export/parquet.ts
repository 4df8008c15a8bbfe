import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { type Cell, type Column, type Kind, microsecondsOf, type Table } from './table.ts';

/** What one row group may hold in memory: cells, and characters of text. */
const GROUP_CELLS = 500_000;
const GROUP_CHARACTERS = 16_000_000;

const TYPES: Readonly<Record<Kind, Omit<SchemaElement, 'name'>>> = {
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
  json: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
};

/** A table as a Parquet file, in pieces of one row group. */
export function* parquetChunks({ columns, rows }: Table): Generator<Uint8Array, void> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'glompo' });
  let group: (readonly Cell[])[] = [];
  let characters = 0;
  for (const row of rows) {
    group.push(row);
    for (const cell of row) if (typeof cell === 'string') characters += cell.length;
    if (group.length * columns.length < GROUP_CELLS && characters < GROUP_CHARACTERS) continue;
    writeGroup(file, columns, group);
    yield taken(bytes);
    group = [];
    characters = 0;
  }
  if (group.length > 0) writeGroup(file, columns, group);
  // It returns a promise only where its bytes are written somewhere else.
  void file.finish();
  yield taken(bytes);
}

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, kind }): SchemaElement => ({
      name,
      repetition_type: 'OPTIONAL',
      ...TYPES[kind],
    })),
  ];
}

function writeGroup(
  file: ParquetWriter,
  columns: readonly Column[],
  group: readonly (readonly Cell[])[],
): void {
  const columnData = columns.map(({ name, kind }, i): ColumnSource => ({
    name,
    data: group.map((row) => valueOf(row[i], kind)),
    // The writer's dictionaries take -0 for 0.
    ...(kind === 'double' ? { encoding: 'PLAIN' as const } : {}),
    // It orders text by UTF-16, where readers expect the order of UTF-8 and may skip a group because of it.
    statistics: kind !== 'text' && kind !== 'json',
  }));
  void file.write({ columnData, rowGroupSize: group.length });
}

function valueOf(cell: Cell, kind: Kind): unknown {
  if (cell === null || cell === undefined) return null;
  if (kind === 'int64') return BigInt(cell as number);
  if (kind === 'time') return BigInt(microsecondsOf(cell as number));
  return kind === 'json' ? Buffer.from(JSON.stringify(cell)) : cell;
}

/** What was written since it was last asked; the writer keeps counting from there. */
function taken(bytes: ByteWriter): Uint8Array {
  const chunk = bytes.getBytes().slice();
  bytes.index = 0;
  return chunk;
}
