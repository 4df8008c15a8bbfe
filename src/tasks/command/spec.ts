import type { JsonObject } from '../../core/json.ts';
import type { EnvironmentRule } from '../contract.ts';
import type { DakotaFiles } from './dakota/spec.ts';

/** Where a value is read from: standard output, or a file that the program wrote into its work directory. */
export type Reading = { readonly file?: string } & (
  | { readonly kind: 'last-number' }
  /** Every number there is, for residuals and gradients. */
  | { readonly kind: 'numbers' }
  /** `a.b[0]` in a JSON text. */
  | { readonly kind: 'json'; readonly path: string }
  /** The first group of the last match of a regular expression. */
  | { readonly kind: 'pattern'; readonly pattern: string }
);

/** What is read when the program has ended. */
export interface Readings {
  /** Not given with `residuals`. */
  readonly value?: Reading;
  readonly residuals?: Reading | Readonly<Record<string, Reading>>;
  readonly gradient?: Reading;
  readonly violation?: Reading;
  /** There, and neither 0 nor false: the value is a lower bound. */
  readonly censored?: Reading;
  /** Columns of the log, by name. */
  readonly extras?: Readonly<Record<string, Reading>>;
}

/** A file made from a text with `{{name}}` in it. Both are absolute, or relative to the work directory (`to`). */
export interface TemplateFile {
  readonly from: string;
  readonly to: string;
}

/** A directory of its own for each evaluation. */
export interface WorkDirectories {
  /** Which are still there afterwards; `best`: that of the best point of each optimizer. */
  readonly keep: 'all' | 'failed' | 'best' | 'none';
  /** Absolute paths of files and directories that are copied into each. */
  readonly copy: readonly string[];
  /** The same, as symbolic links. */
  readonly link: readonly string[];
}

/** A program that is started for each evaluation. */
export interface CommandSpec {
  readonly kind: 'command';
  /** The program and its arguments, with `{name}` for parameters; with `shell` one text for `/bin/sh`. */
  readonly argv: readonly string[];
  readonly shell: boolean;
  /** The directory of the configuration: where the program runs if it has no directory of its own. */
  readonly cwd: string;
  readonly stdin: 'none' | 'json';
  readonly environment?: EnvironmentRule;
  readonly templates: readonly TemplateFile[];
  readonly workDirectory?: WorkDirectories;
  readonly dakota?: DakotaFiles;
  readonly read: Readings;
  /** Exit codes that say that the same point may well work the next time. */
  readonly retryExitCodes: readonly number[];
  /** Exit codes with which there may be a value. */
  readonly okExitCodes: readonly number[];
  /** How much of its output is kept to read values from, and passed on to `streams/`: the last bytes of each evaluation. */
  readonly maxOutputBytes: number;
  /** How long it may take to end when it is asked to, before it is killed. */
  readonly graceSeconds: number;
  /** As a configuration has it. */
  readonly written: JsonObject;
}
