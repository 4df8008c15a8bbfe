import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeDirectory } from '../../core/directories.ts';
import type { WorkDirectories } from './spec.ts';

/** How an evaluation that had a directory ended: its value, or nothing. */
export type WorkEnd = number | undefined;

/**
 * The directories of one optimizer's evaluations: `work/optimizer-0001/candidate-000042`.
 */
export class WorkRoom implements AsyncDisposable {
  readonly #rule: WorkDirectories;
  readonly #root: string;
  readonly #isTemporary: boolean;
  #best = Infinity;
  #bestDirectory: string | undefined;

  /** @param root that of temporary files when not given */
  constructor(rule: WorkDirectories, root: string | undefined) {
    this.#rule = rule;
    this.#isTemporary = root === undefined;
    this.#root = root ?? mkdtempSync(path.join(tmpdir(), 'glompo-work-'));
  }

  /** An empty directory but for what is copied and linked into it. What an earlier try left is removed. */
  async open(optimizerId: number, candidateId: number): Promise<string> {
    const optimizer = `optimizer-${String(optimizerId).padStart(4, '0')}`;
    const directory = path.join(this.#root, optimizer, `candidate-${String(candidateId).padStart(6, '0')}`);
    // Usually there is none, and a look is cheaper than to wait for one.
    rmSync(directory, { recursive: true, force: true });
    makeDirectory(directory);
    try {
      await this.#furnish(directory);
    } catch (error) {
      // On a full disk what there is of it would be in the way of others.
      await remove(directory);
      throw error;
    }
    return directory;
  }

  async #furnish(directory: string): Promise<void> {
    const { copy, link } = this.#rule;
    for (const file of link) symlinkSync(file, path.join(directory, path.basename(file)));
    for (const file of copy)
      await cp(file, path.join(directory, path.basename(file)), {
        recursive: true,
        preserveTimestamps: true,
      });
  }

  /** Keeps it or removes it, as the rule says. */
  async close(directory: string, end: WorkEnd): Promise<void> {
    const { keep } = this.#rule;
    if (keep === 'all' || (keep === 'failed' && end === undefined)) return;
    if (keep === 'best' && end !== undefined && end < this.#best) {
      const before = this.#bestDirectory;
      this.#best = end;
      this.#bestDirectory = directory;
      if (before !== undefined) await remove(before);
      return;
    }
    await remove(directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isTemporary && this.#rule.keep === 'none') await remove(this.#root);
  }
}

/** What cannot be removed (a program that still writes, another user's file) stays: it is no reason to end a run. */
async function remove(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 2 }).catch(() => {});
}
