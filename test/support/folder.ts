import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of a test's own, gone when the test is. */
export class Folder implements Disposable {
  readonly path: string = mkdtempSync(path.join(tmpdir(), 'glompo-'));

  /** Writes a file, with the folders above it. @returns its absolute path */
  write(name: string, content: string): string {
    const file = this.at(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  read(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  /** Makes a folder. @returns its absolute path */
  made(name: string): string {
    mkdirSync(this.at(name), { recursive: true });
    return this.at(name);
  }

  bytes(name: string): Buffer {
    return readFileSync(this.at(name));
  }

  has(name: string): boolean {
    return existsSync(this.at(name));
  }

  remove(name: string): void {
    rmSync(this.at(name), { force: true });
  }

  at(name: string): string {
    return path.join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
