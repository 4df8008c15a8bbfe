import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '..', 'peers');

/** Other projects, side by side with ours as far as they are on this machine. */
export class Peers implements Disposable {
  readonly versions: Record<string, string> = {};
  readonly #notes = new Map<string, string>();
  readonly #modules = new Map<string, boolean>();
  #programs: string | undefined;
  #pagmo: string | undefined | null = null;

  /** Why some are left out. */
  get notes(): readonly string[] {
    return [...this.#notes.values()];
  }

  /** A program of `peers/` against pagmo2, compiled; `undefined` without it. Its output is a line of JSON. */
  pagmo(...args: readonly (string | number)[]): Readonly<Record<string, number>> | undefined {
    if (this.#pagmo === null) this.#pagmo = this.#compilePagmo();
    if (this.#pagmo === undefined) return undefined;
    return JSON.parse(execFileSync(this.#pagmo, args.map(String), { encoding: 'utf8' })) as Record<
      string,
      number
    >;
  }

  #compilePagmo(): string | undefined {
    this.#programs ??= mkdtempSync(path.join(tmpdir(), 'glompo-peers-'));
    const program = path.join(this.#programs, 'pagmo');
    const { error, status } = spawnSync(
      'g++',
      [
        '-O2',
        '-std=c++17',
        '-I/usr/include/eigen3',
        path.join(folder, 'pagmo.cpp'),
        '-o',
        program,
        '-lpagmo',
        '-ltbb',
        '-lboost_serialization',
        '-lpthread',
      ],
      { stdio: 'ignore' },
    );
    if (error || status !== 0) {
      this.#notes.set(
        'pagmo',
        'pagmo2 is left out: it needs g++ libpagmo-dev libeigen3-dev libboost-serialization-dev libtbb-dev.',
      );
      return undefined;
    }
    this.versions['pagmo2'] = packageVersion('libpagmo-dev');
    return program;
  }

  /** A program of `peers/` that needs a Python module; `undefined` without that. Its output is a line of JSON. */
  python(
    module: string,
    file: string,
    ...args: readonly (string | number)[]
  ): Readonly<Record<string, number>> | undefined {
    let isHere = this.#modules.get(module);
    if (isHere === undefined) {
      const asked = spawnSync('python3', ['-c', `import ${module}; print(${module}.__version__)`], {
        encoding: 'utf8',
      });
      isHere = asked.status === 0;
      this.#modules.set(module, isHere);
      if (isHere) this.versions[module] = asked.stdout.trim();
      else this.#notes.set(module, `${module} is left out: it needs python3 and python3-${module}.`);
    }
    if (!isHere) return undefined;
    const output = execFileSync('python3', [path.join(folder, file), ...args.map(String)], {
      encoding: 'utf8',
    });
    return JSON.parse(output) as Record<string, number>;
  }

  [Symbol.dispose](): void {
    if (this.#programs !== undefined && existsSync(this.#programs))
      rmSync(this.#programs, { recursive: true });
  }
}

function packageVersion(name: string): string {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}
