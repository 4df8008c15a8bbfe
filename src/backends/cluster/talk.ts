import type { JsonObject } from '../../core/json.ts';

/** A worker asks to be let in: at first, and whenever the manager does not know it. */
export interface JoinRequest {
  readonly protocol: number;
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  readonly facts: JsonObject;
}

export type JoinReply =
  | { readonly welcome: JsonObject; readonly epoch: number; readonly stream: string }
  | { readonly differences: readonly string[] };

/** A worker is there, and says what it is at: every 1.5 s, and soon after it took up a job. */
export interface Beat {
  readonly id: string;
  /** Of the session that let it in. */
  readonly epoch: number;
  /** Jobs that it has not told the answers of, each with the engine's count of how often it was given away. */
  readonly jobs: readonly (readonly [job: number, delivery: number])[];
}

export interface BeatReply {
  /** Whether it is one of the workers; otherwise it has to join again. */
  readonly isKnown: boolean;
  readonly epoch: number;
  /** Where the jobs are: another one after the engine was started again. */
  readonly stream: string;
  /** Which of its jobs nobody waits for any more. */
  readonly unwanted: readonly number[];
}

/** A worker does not finish a job. */
export interface HandBack {
  readonly id: string;
  readonly epoch: number;
  readonly job: number;
  /** What went wrong; nothing did when the worker has to go. */
  readonly fault?: string | undefined;
  /** Whether it would go wrong with every other worker, too. */
  readonly isHopeless?: boolean | undefined;
}

/** A worker goes. */
export interface Leave {
  readonly id: string;
}

/** Nobody waits for these jobs any more. */
export interface Cancellation {
  readonly epoch: number;
  readonly jobs: readonly number[];
}

/** The run has come to its end. */
export interface Over {
  readonly epoch: number;
}

/** What the manager says to an answer. */
export type Receipt = 'taken' | 'stale';

const encoder = new TextEncoder();

export function encode(message: object | Receipt): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}
