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

/** An explicit list of components of one kind, found by name. */
export class Registry<Part extends { readonly name: string; readonly summary: string }> {
  readonly kind: string;
  readonly #parts = new Map<string, Part>();
  readonly #plugins = new Set<string>();

  /** @param kind what one part is called in messages: `hunter` */
  constructor(kind: string, parts: readonly Part[]) {
    this.kind = kind;
    for (const part of parts) this.add(part);
  }

  /** @throws {CodedError} `component-taken` when the name is in use */
  add(part: Part): void {
    if (this.#parts.has(part.name))
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
    if (part) return part;
    const near = nearest(name, this.names());
    throw new CodedError(
      'component-unknown',
      `unknown ${this.kind} ${name}${near ? `; did you mean ${near}?` : ''} (known: ${this.names().join(', ')})`,
    );
  }

  names(): readonly string[] {
    return [...this.#parts.keys()];
  }

  all(): readonly Part[] {
    return [...this.#parts.values()];
  }
}
