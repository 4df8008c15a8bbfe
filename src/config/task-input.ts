import type { WorkDirectories } from '../tasks/command/spec.ts';
import type { DakotaFiles } from '../tasks/command/dakota/spec.ts';
import type { ResidualRule } from '../tasks/residuals.ts';

/** Which environment variables a program gets. */
export interface EnvironmentInput {
  /** @default all */
  readonly pass?: readonly string[];
  readonly set?: Readonly<Record<string, string | number | boolean>>;
}

/** How blocks of a task's residuals count: a weight each, or more; see docs/least-squares.md. */
export type ResidualsInput = Readonly<Record<string, number | Partial<Omit<ResidualRule, 'name'>> | null>>;

/** Where something is read from that a program left behind: what it printed, or a file. */
export type ReadingInput =
  | 'last-number'
  | 'numbers'
  | { readonly 'last-number': string }
  | { readonly numbers: string }
  | { readonly json: string; readonly file?: string }
  | { readonly pattern: string; readonly file?: string };

/** A program that is started for each evaluation, see docs/programs.md. */
export interface CommandInput {
  /** The program and its arguments, with `{name}` for parameters; with `shell` one text. */
  readonly command: readonly string[] | string;
  readonly protocol?: never;
  /** @default false */
  readonly shell?: boolean;
  /** @default the directory of the configuration */
  readonly directory?: string;
  /** @default 'none' */
  readonly stdin?: 'none' | 'json';
  readonly environment?: EnvironmentInput | null;
  /** Files to be made, and their models. */
  readonly templates?: Readonly<Record<string, string>>;
  /** @default one where templates or Dakota's files need it */
  readonly workDirectory?: boolean | WorkDirectories['keep'] | Partial<WorkDirectories>;
  readonly dakota?:
    | boolean
    | DakotaFiles['format']
    | (Partial<Omit<DakotaFiles, 'responses' | 'isCalibration' | 'constraints'>> & {
        readonly objectiveFunctions?: readonly string[];
        readonly calibrationTerms?: readonly string[];
        readonly nonlinearInequalityConstraints?: readonly string[];
      });
  /** @default 'last-number' */
  readonly read?:
    | ReadingInput
    | {
        readonly value?: ReadingInput;
        readonly residuals?: ReadingInput | Readonly<Record<string, ReadingInput>>;
        readonly gradient?: ReadingInput;
        readonly violation?: ReadingInput;
        readonly censored?: ReadingInput;
        readonly extras?: Readonly<Record<string, ReadingInput>>;
      };
  /** @default [0] */
  readonly okExitCodes?: readonly number[];
  /** @default [75] */
  readonly retryExitCodes?: readonly number[];
  /** @default 1048576 */
  readonly maxOutputBytes?: number;
  /** @default 0.5 */
  readonly graceSeconds?: number;
  readonly residuals?: ResidualsInput;
}

interface StayingInput {
  /** @default the directory of the configuration */
  readonly directory?: string;
  readonly environment?: EnvironmentInput | null;
  /** @default never */
  readonly maxEvaluationsPerWorker?: number;
  /** How long it may take to say that it is ready. @default 60 */
  readonly startSeconds?: number;
  readonly residuals?: ResidualsInput;
}

/** A program that stays up and speaks lines of JSON, see docs/protocol.md. */
export interface WorkerInput extends StayingInput {
  readonly command: readonly string[];
  readonly protocol: 'jsonl';
}

/** A Python function, see docs/python.md. */
export interface PythonInput extends StayingInput {
  /** `file.py:function` */
  readonly python: string;
  /** @default 'python3' */
  readonly interpreter?: string;
}
