import type { RunInput } from '../config/input.ts';
import { CodedError, describe } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { EngineOptions } from './engine-options.ts';
import type { ResumeOptions } from './sessions.ts';

interface SessionSetup {
  /**
   * Whether this process exists for this run alone. Then its own environment is marked, so that also what an inline task starts is
   * ended with the run. @default false
   */
  readonly ownsProcess?: boolean;
  /** Has points evaluated on other machines, by workers that `glompo worker` starts there. @default they are on this one */
  readonly engine?: EngineOptions;
  /** After so long the run is suspended: its result says so, and it can be resumed. Above 0. @default never */
  readonly timeLimitSeconds?: number;
  /** Is told what happens, such as a `MessageFile`; it is not closed. @default nobody is told */
  readonly logger?: Logger;
}

export type GloMPOResumeOptions = ResumeOptions & SessionSetup;

interface RunSetup extends SessionSetup {
  /** Where the log goes. @default runs/run-<time> */
  readonly dir?: string;
  /** Remove an earlier run in `dir`; a live one is never removed. @default false */
  readonly overwrite?: boolean;
}

/** What to run (`task`, `parameters`, … as in YAML, or `config`) and where. */
export type GloMPOManagerOptions = RunInput & RunSetup;

/** @throws {CodedError} `usage` */
export function checkTimeLimit(seconds: number | undefined): void {
  if (seconds !== undefined && !(typeof seconds === 'number' && seconds > 0))
    throw new CodedError('usage', `timeLimitSeconds: expected seconds above 0, got ${describe(seconds)}`);
}
