import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '..', 'peers');

/** Other projects, side by side with ours as far as they are on this machine. */
export class Peers implements Disposable {
  readonly versions: Record<string, string> = {};
  readonly #notes = new Map<string, string>();
  /** By module; `null`: there is none. */
  readonly #interpreters = new Map<string, string | null>();
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
    let interpreter = this.#interpreters.get(module);
    if (interpreter === undefined) {
      interpreter = this.#interpreterWith(module);
      this.#interpreters.set(module, interpreter);
    }
    if (interpreter === null) return undefined;
    const output = execFileSync(interpreter, [path.join(folder, file), ...args.map(String)], {
      encoding: 'utf8',
    });
    return JSON.parse(output) as Record<string, number>;
  }

  /** The machine's first Python, or Debian's, whichever has the module. */
  #interpreterWith(module: string): string | null {
    for (const interpreter of ['python3', '/usr/bin/python3']) {
      const { status, stdout } = spawnSync(
        interpreter,
        ['-c', `import ${module}; print(${module}.__version__)`],
        { encoding: 'utf8' },
      );
      if (status !== 0) continue;
      this.versions[module] = stdout.trim();
      return interpreter;
    }
    this.#notes.set(module, `${module} is left out: it needs python3 and python3-${module}.`);
    return null;
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
