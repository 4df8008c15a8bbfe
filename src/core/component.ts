import { CodedError } from './errors.ts';
import type { OptionsSchema } from './options.ts';
import { nearest } from './nearest.ts';

/** A part that a configuration names: an optimizer, hunter, checker, selector, generator or benchmark. */
export interface Component<Options, Context, Instance> {
  /** The name written in YAML: the file's name. */
  readonly name: string;
  /** One line for `glompo list` and for error messages. */
  readonly summary: string;
  /** What may be written under its name; checked, with defaults filled in, before `create` sees it. */
  readonly options: OptionsSchema;
  /** What is wrong with options that the schema allows, in words that follow their place: `thresholds must grow`. */
  fault?(options: Options): string | undefined;
  create(options: Options, context: Context): Instance;
}

/** Components of one kind, as those see them who look them up. */
export interface Known<Part> {
  /** What one is called in messages: `hunter` */
  readonly kind: string;
  has(name: string): boolean;
  /** @throws {CodedError} `component-unknown`, naming what is near and what there is */
  get(name: string): Part;
  names(): readonly string[];
  all(): readonly Part[];
}

/** An explicit list of components of one kind, found by name. */
export class Registry<
  Part extends { readonly name: string; readonly summary: string },
> implements Known<Part> {
  readonly kind: string;
  readonly #parts = new Map<string, Part>();
  readonly #plugins = new Set<string>();
  readonly #reserved: readonly string[];

  /**
   * @param kind what one part is called in messages: `hunter`
   * @param reserved names that no part may have, as others have them
   */
  constructor(kind: string, parts: readonly Part[], reserved: readonly string[] = []) {
    this.kind = kind;
    this.#reserved = reserved;
    for (const part of parts) this.add(part);
  }

  /** @throws {CodedError} `component-taken` when the name is in use */
  add(part: Part): void {
    if (this.#parts.has(part.name) || this.#reserved.includes(part.name))
      throw new CodedError('component-taken', `the ${this.kind} name ${part.name} is taken; choose another`);
    this.#parts.set(part.name, part);
  }

  /**
   * Adds a component of a plug-in, in place of one of the same name that came with a plug-in before: one process may do runs with
   * different plug-ins.
   *
   * @throws {CodedError} `component-taken` when it is the name of one of our own
   */
  addPlugin(part: Part): void {
    if (this.isPlugin(part.name)) this.#parts.delete(part.name);
    this.add(part);
    this.#plugins.add(part.name);
  }

  /** Whether this component came with a plug-in. */
  isPlugin(name: string): boolean {
    return this.#plugins.has(name);
  }

  has(name: string): boolean {
    return this.#parts.has(name);
  }

  /** @throws {CodedError} `component-unknown`, naming what is near and what there is */
  get(name: string): Part {
    const part = this.#parts.get(name);
    if (!part) throw unknown(this, name);
    return part;
  }

  names(): readonly string[] {
    return [...this.#parts.keys()];
  }

  all(): readonly Part[] {
    return [...this.#parts.values()];
  }
}

/** Several lists of components of one kind, looked up as one. */
export class Joined<Part extends { readonly name: string }> implements Known<Part> {
  readonly kind: string;
  readonly #lists: readonly Known<Part>[];

  constructor(first: Known<Part>, ...others: readonly Known<Part>[]) {
    this.kind = first.kind;
    this.#lists = [first, ...others];
  }

  has(name: string): boolean {
    return this.#lists.some((list) => list.has(name));
  }

  get(name: string): Part {
    const list = this.#lists.find((one) => one.has(name));
    if (!list) throw unknown(this, name);
    return list.get(name);
  }

  /** In the order of the alphabet. */
  names(): readonly string[] {
    return this.all().map(({ name }) => name);
  }

  all(): readonly Part[] {
    return this.#lists.flatMap((list) => list.all()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function unknown(list: Known<unknown>, name: string): CodedError {
  const names = list.names();
  const near = nearest(name, names);
  return new CodedError(
    'component-unknown',
    `unknown ${list.kind} ${name}${near ? `; did you mean ${near}?` : ''} (known: ${names.join(', ')})`,
  );
}
