import type { FunctionHandle, FunctionSpec } from './contract.ts';

/** So many functions are known again when they come again, and so much text of one. */
const MOST = 100;
const LONGEST = 65_536;

/** Numbers functions: one that comes again, as in each generation of an algorithm, is not sent to its workers again. */
export class Handles {
  readonly #known = new Map<string, FunctionHandle>();
  #next = 0;

  of(spec: FunctionSpec): FunctionHandle {
    const key = keyOf(spec);
    const known = key.length <= LONGEST ? this.#known.get(key) : undefined;
    if (known) return known;
    const handle = { id: this.#next++, spec };
    if (this.#known.size >= MOST) this.#known.clear();
    if (key.length <= LONGEST) this.#known.set(key, handle);
    return handle;
  }
}

function keyOf(spec: FunctionSpec): string {
  if (spec.kind === 'module') return JSON.stringify([spec.url, spec.exportName]);
  const { name, expression, helpers, data } = spec;
  const values = data.map(([key, bytes]) => [key, Buffer.from(bytes).toString('latin1')]);
  return JSON.stringify([name, expression, helpers, values]);
}
