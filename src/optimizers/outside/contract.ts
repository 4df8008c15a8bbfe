import type { JsonObject } from '../../core/json.ts';
import type { OptionsSchema } from '../../core/options.ts';

/** How the program of an optimizer is started. */
export type Launch =
  /** As it is told. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly cwd: string }
  /** One of the adaptors that come with glompo, by a Python. */
  | { readonly kind: 'adaptor'; readonly python: string; readonly file: string };

/** What `Launch` needs of all options. */
export interface OutsideOptions {
  /** How long it may say nothing when it is its turn, before it is taken for hung. */
  readonly patienceSeconds: number;
}

/**
 * A kind of optimizer that is a program of its own, of another library or language, and speaks the protocol of
 * `docs/optimizer-protocol.md`. Data alone: a host starts it, and speaks to it.
 */
export interface OutsideOptimizer<Options extends OutsideOptions = never> {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionsSchema;
  fault?(options: Options): string | undefined;
  /** The options with their paths made absolute. */
  located(this: void, options: Options, resolve: (path: string) => string): OutsideOptions;
  launch(this: void, options: Options): Launch;
  /** What the program is told as its options. */
  told(this: void, options: Options): JsonObject;
}
