import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';

/** Where and with what figures were measured. */
export interface Surroundings {
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGB: number;
    readonly system: string;
    /** Of the last minute, before the measurement: how busy others keep the cores. */
    readonly load: number;
  };
  readonly versions: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '..', '..');

export function surroundings(): Surroundings {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: os.cpus()[0]?.model ?? 'unknown',
      cores: os.availableParallelism(),
      memoryGB: Math.round(os.totalmem() / 2 ** 30),
      system: `${os.type()} ${os.release()}`,
      load: Math.round(os.loadavg()[0]! * 100) / 100,
    },
    versions: {
      glompo: version,
      ...commit(),
      node: process.versions.node,
      v8: process.versions.v8,
      sqlite: sqliteVersion(),
    },
  };
}

function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return db.prepare<[], string>('SELECT sqlite_version()').pluck().get()!;
  } finally {
    db.close();
  }
}

/** Of the clone, with a `+` if it is changed; nothing without one. */
function commit(): Readonly<Record<string, string>> {
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', 'src').trim() !== '';
    return { commit: git('rev-parse', '--short', 'HEAD').trim() + (isChanged ? '+' : '') };
  } catch {
    return {};
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', root, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
