import type { Packed } from './packed.ts';
import type { Sendable } from './values.ts';

/** Any function; what it takes is known where it is called. */
export type AnyFunction = (...args: never) => unknown;

/** A function that each worker imports: see `fromModule`. `F` is its type, and never a value. */
export interface ModuleFunction<F extends AnyFunction = AnyFunction> {
  readonly kind: 'module';
  readonly url: string;
  readonly exportName: string;
  readonly type?: F;
}

/** A function with what it uses from around it: see `fromFunction`. */
export interface SourceFunction<F extends AnyFunction = AnyFunction> {
  readonly kind: 'source';
  readonly f: F;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A method of an object, or of a class itself: see `method`. `F` is its type, and never a value. */
export interface MethodFunction<F extends AnyFunction = AnyFunction> {
  readonly kind: 'method';
  readonly target: object;
  readonly name: string;
  /** Where workers import the class from, which they get as its text otherwise. */
  readonly class: ModuleFunction | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly type?: F;
}

/** What a pool can call in its workers: a function of a module, one that is sent as its text, or a method with its object. */
export type PoolFunction<Args extends readonly unknown[], Result> =
  | ((...args: Args) => Result)
  | ModuleFunction<(...args: Args) => Result>
  | SourceFunction<(...args: Args) => Result>
  | MethodFunction<(...args: Args) => Result>;

/** What a function gets after its arguments, if it asks for it by `seeded`. */
export interface CallContext {
  /** Which call of its map it is, from 0. */
  readonly index: number;
  /** An integer of 48 bits: the same for the same call, whichever worker does it, and however many there are. */
  readonly seed: number;
  /** Aborted when the call is given up and its worker cannot be ended: on the backend `inline`. */
  readonly signal: AbortSignal;
}

/** A function as plain data, as workers get it. */
export type FunctionSpec = ModuleSpec | SourceSpec | MethodSpec;

export interface ModuleSpec {
  readonly kind: 'module';
  readonly url: string;
  readonly exportName: string;
}

interface SourceSpec extends PassedValues {
  readonly kind: 'source';
  readonly name: string;
  readonly expression: string;
}

/** What a text uses from around it. */
export interface PassedValues {
  /** Functions that it uses, as text, which see the same names. */
  readonly helpers: readonly (readonly [name: string, expression: string])[];
  /** Values that it uses. */
  readonly data: readonly (readonly [name: string, value: Packed])[];
}

export interface MethodSpec {
  readonly kind: 'method';
  readonly name: string;
  readonly owner: OwnerSpec;
  /** Whether it is a method of the class itself, not of an object of it. */
  readonly isStatic: boolean;
  /** The fields of the object by name, serialized; of a class they come with its text. */
  readonly fields: Uint8Array;
}

/** What a method is of: a class of a module, a class as text, or an object that was written with its methods in it. */
export type OwnerSpec =
  | ModuleSpec
  | (PassedValues & {
      readonly kind: 'class';
      /** From the first base to the class itself. */
      readonly classes: readonly ClassText[];
    })
  | (PassedValues & {
      readonly kind: 'literal';
      readonly methods: readonly (readonly [name: string, expression: string])[];
    });

/** A class of a chain. */
export interface ClassText {
  readonly name: string;
  readonly expression: string;
  /** By which name its text knows the class before it. */
  readonly base: string | undefined;
  /** Fields of the class itself by name, serialized. */
  readonly fields: Uint8Array;
}

/** A function that workers keep, once they have it. */
export interface FunctionHandle {
  readonly id: number;
  readonly spec: FunctionSpec;
}

/** One call, as the pool shares it out. */
export interface Call {
  readonly index: number;
  /** When its inputs were taken, by the clock's `elapsed`. */
  readonly since: number;
  readonly f: FunctionHandle;
  readonly args: readonly Sendable[];
  /** Memory among its arguments that is handed over with them. */
  readonly moved: readonly ArrayBuffer[];
  /** Of its context; without one it gets none. */
  readonly seed?: number | undefined;
  /** Whether the memory of what it gives is handed over, where that can be. */
  readonly isMoved: boolean;
}

/** What came of one call. */
export type Reply = { readonly durationMs: number } & (
  | { readonly kind: 'returned'; readonly value: Sendable; readonly moved: readonly ArrayBuffer[] }
  | { readonly kind: 'threw'; readonly error: ThrownFacts }
  /** Its function cannot be loaded, there or anywhere. */
  | { readonly kind: 'unloadable'; readonly message: string }
);

/** What was thrown, as plain data. */
export interface ThrownFacts {
  /** Of an error: what it says of itself, and the class that it is of. */
  readonly name: string;
  readonly className: string;
  /** The nearest class of the language that it is of: `TypeError`. */
  readonly base: string;
  readonly message: string;
  readonly stack: string;
  /** Its further properties, as far as they can be sent, serialized. */
  readonly properties: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly cause?: ThrownFacts | undefined;
  /** Of an `AggregateError`. */
  readonly errors?: readonly ThrownFacts[] | undefined;
  /** What was thrown and is no error, serialized. */
  readonly value?: Uint8Array | undefined;
}
