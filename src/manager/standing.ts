import type { Json, JsonObject } from '../core/json.ts';
import type { RunLog } from '../log/contract.ts';
import { readConfigCopy, writeConfigCopy } from './run-directory.ts';
import { identityIn } from './session-facts.ts';

/** What was said of a run before a session of it began: one that comes to nothing leaves that as it was. */
export class Standing {
  readonly #runDir: string;
  readonly #log: RunLog;
  readonly #facts: JsonObject;
  readonly #config: Uint8Array | undefined;

  constructor(runDir: string, log: RunLog) {
    this.#runDir = runDir;
    this.#log = log;
    this.#facts = log.facts();
    this.#config = readConfigCopy(runDir);
  }

  /** There was no session. @param facts what the log says of the run since it was to begin */
  restore(facts: JsonObject): void {
    const before = Object.keys(facts).map((name): [string, Json] => [name, this.#facts[name] ?? null]);
    this.#log.set(Object.fromEntries(before));
    writeConfigCopy(this.#runDir, this.#config);
  }

  /** There was a session, which failed; what is in the log was written by the one before it. */
  restoreIdentity(): void {
    this.#log.set(identityIn(this.#facts));
    writeConfigCopy(this.#runDir, this.#config);
  }
}
