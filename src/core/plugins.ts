import { pathToFileURL } from 'node:url';
import type { Component, Registry } from './component.ts';
import { CodedError, describe, messageOf } from './errors.ts';
import { options } from './options.ts';

/** What a plug-in module may bring along; the lists hold components of each kind. */
const KINDS = ['optimizers', 'hunters', 'checkers', 'selectors', 'generators'] as const;
type PluginKind = (typeof KINDS)[number];

type Part = Component<never, never, unknown>;
/** Where the components of each kind go. */
export type Registries = Readonly<Partial<Record<PluginKind, Registry<Part>>>>;

/** What came with each plug-in that was loaded. */
const loaded = new Map<string, readonly (readonly [PluginKind, Part])[]>();

/**
 * Adds what plug-ins brought that were loaded before, at once: since then those of another configuration may have come in their place.
 *
 * @param paths as they were loaded; others are left out
 */
export function plugAgain(paths: readonly string[], registries: Registries): void {
  for (const path of paths)
    for (const [kind, part] of loaded.get(path) ?? []) registries[kind]?.addPlugin(part);
}

/**
 * Imports a plug-in, a module whose default export lists components, `{ hunters: [mine] }`, and adds them to the registries that are
 * given; kinds without one are left alone.
 *
 * @returns what it brought along: `hunter mine`
 * @param path absolute
 * @throws {CodedError} `plugin-invalid`, `component-taken`
 */
export async function loadPlugin(path: string, registries: Registries): Promise<readonly string[]> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new CodedError('plugin-invalid', `plug-in ${path} cannot be imported: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const plugin = exported['default'];
  const wrong = (what: string): CodedError => new CodedError('plugin-invalid', `plug-in ${path}: ${what}`);
  if (typeof plugin !== 'object' || plugin === null)
    throw wrong(
      `expected a default export { ${KINDS.map((kind) => `${kind}?`).join(', ')} }, got ${describe(plugin)}`,
    );
  const found: (readonly [PluginKind, Part])[] = [];
  for (const [kind, parts] of Object.entries(plugin)) {
    if (!isKind(kind)) throw wrong(`unknown kind ${kind}, expected ${KINDS.join(', ')}`);
    if (!Array.isArray(parts)) throw wrong(`${kind}: expected a list, got ${describe(parts)}`);
    for (const [i, part] of parts.entries()) {
      const fault = faultOf(part);
      if (fault !== undefined) throw wrong(`${kind}[${i}]: ${fault}`);
      const whole = complete(part as Part);
      registries[kind]?.addPlugin(whole);
      found.push([kind, whole]);
    }
  }
  loaded.set(path, found);
  return found.map(([kind, { name }]) => `${registries[kind]?.kind ?? kind} ${name}`);
}

function isKind(kind: string): kind is PluginKind {
  return (KINDS as readonly string[]).includes(kind);
}

function faultOf(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null)
    return `expected an object { name, create }, got ${describe(part)}`;
  const { name, create } = part as Partial<Record<'name' | 'create', unknown>>;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name))
    return `expected a name of small letters, digits and hyphens, got ${describe(name)}`;
  return typeof create === 'function'
    ? undefined
    : `${name}: expected a function create, got ${describe(create)}`;
}

/** With what may be left out: options and summary. */
function complete(part: Part): Part {
  return {
    name: part.name,
    summary: part.summary ?? 'a plug-in',
    options: part.options ?? options({}),
    ...(part.fault ? { fault: (given) => part.fault!(given) } : {}),
    create: (given, context) => {
      const made = part.create(given, context);
      if (typeof made === 'object' && made !== null) return made;
      throw new TypeError(`it made ${describe(made)}, expected an object`);
    },
  };
}
