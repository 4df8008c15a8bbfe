import { type Dirent, readdirSync, rmSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isOptimizerId } from './protocol.ts';

/** What a file in the run directory asks for. */
export type Intervention =
  | { readonly kind: 'stop' }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'stop-optimizer'; readonly optimizer: number }
  /** It was meant for us, and means nothing. */
  | { readonly kind: 'malformed'; readonly expected: string };

const EVERY_MS = 1000;
const STOP_PREFIX = 'STOP_';

const WHOLE_NAMES: Readonly<Record<string, Intervention>> = {
  EXIT: { kind: 'stop' },
  // As in GloMPO, where it is treated like Ctrl-C.
  STOP_ALL: { kind: 'stop' },
  CHKPT: { kind: 'checkpoint' },
};

/** @returns undefined when the file is none of ours. Names are case-sensitive; `STOP_003` is optimizer 3. */
export function interventionOf(name: string): Intervention | undefined {
  if (Object.hasOwn(WHOLE_NAMES, name)) return WHOLE_NAMES[name];
  if (!name.startsWith(STOP_PREFIX)) return undefined;
  const digits = name.slice(STOP_PREFIX.length);
  const optimizer = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  return isOptimizerId(optimizer)
    ? { kind: 'stop-optimizer', optimizer }
    : { kind: 'malformed', expected: 'STOP_ and the id of an optimizer, or STOP_ALL' };
}

/**
 * Watches a run directory for files that ask for something. Each is removed when it is seen; those that are there at the start were
 * meant for an earlier run, and are removed unheard.
 *
 * It looks about once a second, since network file systems do not tell of changes.
 */
export class InterventionFiles implements Disposable {
  readonly #directory: string;
  readonly #onFile: (intervention: Intervention, name: string) => void;
  /** Heard, and could not be removed: not heard again until they are gone. */
  #stuck: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(directory: string, onFile: (intervention: Intervention, name: string) => void) {
    this.#directory = directory;
    this.#onFile = onFile;
    const stuck = new Set<string>();
    for (const { name } of readdirSync(directory, { withFileTypes: true }).filter(isIntervention))
      try {
        rmSync(path.join(directory, name), { force: true });
      } catch {
        stuck.add(name);
      }
    this.#stuck = stuck;
  }

  /** @param everyMs how often to look */
  start(everyMs: number = EVERY_MS): void {
    if (this.#isDisposed || this.#timer) return;
    this.#timer = setTimeout(() => {
      void this.look().then(() => {
        this.#timer = undefined;
        this.start(everyMs);
      });
    }, everyMs);
  }

  /** Hears what is there now. */
  async look(): Promise<void> {
    let found: readonly string[];
    try {
      const entries = await readdir(this.#directory, { withFileTypes: true });
      found = entries
        .filter(isIntervention)
        .map(({ name }) => name)
        .toSorted();
    } catch {
      // A network file system that hangs for a moment, or a directory that is gone: the run does not depend on it.
      return;
    }
    const stuck = new Set<string>();
    for (const name of found) {
      const fate = await this.#remove(name);
      if (fate === 'stuck') stuck.add(name);
      // Somebody took it back before we saw to it.
      const isHeard = fate !== 'gone' && !this.#stuck.has(name);
      if (isHeard && !this.#isDisposed) this.#onFile(interventionOf(name)!, name);
    }
    this.#stuck = stuck;
  }

  async #remove(name: string): Promise<'removed' | 'gone' | 'stuck'> {
    if (this.#isDisposed) return 'gone';
    try {
      await unlink(path.join(this.#directory, name));
      return 'removed';
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'gone' : 'stuck';
    }
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }
}

function isIntervention(entry: Dirent): boolean {
  return !entry.isDirectory() && interventionOf(entry.name) !== undefined;
}
