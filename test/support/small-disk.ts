import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A filesystem of its own that is soon full. Only where mounting is permitted: see `canMount`. */
export class SmallDisk implements Disposable {
  readonly path: string = mkdtempSync(path.join(tmpdir(), 'glompo-disk-'));

  /** @param size such as `4m` */
  constructor(size: string) {
    mount(['-t', 'tmpfs', '-o', `size=${size}`, 'none', this.path]);
  }

  at(name: string): string {
    return path.join(this.path, name);
  }

  /** From now on nothing can be written to it. */
  freeze(): void {
    mount(['-o', 'remount,ro', this.path]);
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['--lazy', this.path]);
    rmdirSync(this.path);
  }
}

function mount(args: readonly string[]): void {
  execFileSync('mount', args, { stdio: 'pipe' });
}

function tryToMount(): boolean {
  try {
    new SmallDisk('1m')[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

/** Mounting takes the rights of an administrator; tests of full disks are skipped without. */
export const canMount: boolean = process.platform === 'linux' && tryToMount();
