import { serialize } from 'node:v8';
import type { FunctionHandle, FunctionSpec } from './contract.ts';
import { dataOf } from './passed-values.ts';

/** So many functions are known again when they come again, and so many bytes of one. */
const MOST = 100;
const LONGEST = 65_536;

/** Numbers functions: one that comes again, as in each generation of an algorithm, is not sent to its workers again. */
export class Handles {
  readonly #known = new Map<string, FunctionHandle>();
  #next = 0;

  of(spec: FunctionSpec): FunctionHandle {
    const key = keyOf(spec);
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known) return known;
    const handle = { id: this.#next++, spec };
    if (this.#known.size >= MOST) this.#known.clear();
    if (key !== undefined) this.#known.set(key, handle);
    return handle;
  }
}

/** All that a function is made of; nothing of one that is too long to be known again, or has memory in common with others. */
function keyOf(spec: FunctionSpec): string | undefined {
  if (dataOf(spec).some(([, { buffers }]) => buffers.length > 0)) return undefined;
  // Of a large one no copy is made.
  if (bytesOf(spec) > LONGEST) return undefined;
  const bytes = serialize(spec);
  return bytes.byteLength > LONGEST ? undefined : bytes.toString('latin1');
}

/** How large a function is with what is passed to it, but for texts. */
export function bytesOf(spec: FunctionSpec): number {
  return ownBytes(spec).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function ownBytes(spec: FunctionSpec): readonly Uint8Array[] {
  return [...dataOf(spec).map(([, { bytes }]) => bytes), ...fieldsOf(spec)];
}

function fieldsOf(spec: FunctionSpec): readonly Uint8Array[] {
  if (spec.kind !== 'method') return [];
  const classes = spec.owner.kind === 'class' ? spec.owner.classes : [];
  return [spec.fields, ...classes.map((one) => one.fields)];
}
