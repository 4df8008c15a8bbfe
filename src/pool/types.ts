import type { CallContext } from './contract.ts';
import type { Inputs } from './inputs.ts';
import type { MapOptions } from './options.ts';

/** One sequence of inputs for each argument of a function. */
export type Sequences = readonly [Inputs<unknown>, ...Inputs<unknown>[]];

/** What a function is called with: an element of each sequence. */
export type Elements<S extends readonly unknown[]> = {
  [K in keyof S]: S[K] extends Inputs<infer T> ? T : never;
};

/** The parameters of a function: with `seeded`, the context after its arguments. */
export type CallParameters<Args extends readonly unknown[], Options extends MapOptions> = Options extends {
  readonly seeded: true;
}
  ? readonly [...Args, CallContext] & [...Args, CallContext]
  : Args;

/** What a call gives: its value, or what became of it where failures are collected. */
export type Result<R, Options extends MapOptions> = Options extends { readonly error: 'collect' }
  ? PromiseSettledResult<Awaited<R>>
  : Awaited<R>;
