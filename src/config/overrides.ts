import { readYaml } from './document.ts';
import { formatPath, type Path, readPath } from './path.ts';
import type { Places } from './places.ts';
import { Problems } from './problems.ts';
import { emptyMap, isMap, type RawMap, shown } from './raw.ts';

/** A configuration before it is checked: the value, and where its parts came from. */
export interface Draft {
  value: unknown;
  readonly places: Places;
  readonly problems: Problems;
}

/** Applies `--set path=value`: the YAML value replaces what stands at the path; maps on the way are made. */
export function applySet(draft: Draft, text: string): void {
  const place = { flag: `--set ${text}` };
  const { path, end } = readPath(text);
  if (path.length === 0 || text[end] !== '=') {
    draft.problems.addAt(
      place,
      'expected path=value, such as manager.seed=42 or optimizers.use[0].cma-es.sigma0=0.3',
    );
    return;
  }
  const before = draft.problems.count;
  const value = readYaml(text.slice(end + 1), () => place, draft.places, draft.problems, path);
  if (draft.problems.count === before) override(draft, path, value, place.flag);
}

/** What a command puts in the place of what a configuration says. */
export interface Amendment {
  /** As in `--set`. */
  readonly path: string;
  /** `undefined`: what stands there is removed. */
  readonly value: unknown;
  /** Whether what the configuration says comes first. @default false */
  readonly isDefault?: boolean;
}

/** @param flag who says so, for messages about it */
export function amend(draft: Draft, { path: text, value, isDefault = false }: Amendment, flag: string): void {
  const { path } = readPath(text);
  const last = path.at(-1)!;
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (isMap(at) ? at[String(step)] : undefined), draft.value);
  const isThere = isMap(parent) && last in parent;
  if (isThere && isDefault) return;
  if (value !== undefined) override(draft, path, value, flag);
  else if (isThere) delete parent[last];
}

/** @param flag what the user wrote: `--seed 42` */
export function override(draft: Draft, path: Path, value: unknown, flag: string): void {
  const place = { flag };
  if (draft.value === null || draft.value === undefined) draft.value = emptyMap();
  let parent = draft.value;
  for (const [i, step] of path.entries()) {
    if (!(typeof step === 'number' ? isList(parent) && step < parent.length : isMap(parent))) {
      draft.problems.addAt(place, mismatch(parent, step), path.slice(0, i));
      return;
    }
    const map = parent as RawMap;
    const next = path[i + 1];
    if (next === undefined) {
      map[step] = value;
      draft.places.replace(path, place);
    } else if (typeof next === 'string' && isOpen(map[step], next)) {
      if (map[step] !== next) draft.places.replace(path.slice(0, i + 1), place);
      map[step] = emptyMap();
    }
    parent = map[step];
  }
}

/** May `child` become a map with the key `key`? Nothing may, and so may a component that is written as its name alone. */
function isOpen(child: unknown, key: string): boolean {
  return child === undefined || child === null || child === key;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function mismatch(value: unknown, step: string | number): string {
  if (!isList(value)) return `expected ${typeof step === 'number' ? 'a list' : 'a map'}, got ${shown(value)}`;
  const indices = `[0]${value.length > 1 ? ` to [${value.length - 1}]` : ''}`;
  return `expected an index, ${value.length === 0 ? 'but the list is empty' : indices}, got ${formatPath([step])}`;
}
