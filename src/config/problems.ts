import { GlompoError } from '../core/errors.ts';
import { formatPath, type Path } from './path.ts';
import type { Place, Places } from './places.ts';

/** One mistake in a configuration. */
export interface Problem {
  /** `optimizers.use[0].cma-es.sigma0`; empty when the whole is meant. */
  readonly path: string;
  /** `expected a number in (0, 1], got 1.5` */
  readonly message: string;
  /** Position in the file, from 1, where there is one. */
  readonly line?: number;
  readonly column?: number;
  /** The argument that it came from: `--set manager.seed=x`. */
  readonly flag?: string;
}

/** All mistakes of one configuration, in the order of the file, those of the command line last. Its message has a line for each. */
export class ConfigError extends GlompoError {
  readonly code = 'config-invalid' as const;
  readonly problems: readonly Problem[];
  /** As the user gave it; nothing for a configuration that was no file. */
  readonly file: string | undefined;

  constructor(problems: readonly Problem[], file?: string) {
    super(problems.map((problem) => lineOf(problem, file)).join('\n'));
    this.problems = problems;
    this.file = file;
  }
}

/** `configs/demo.yaml:5:7 manager.seed: expected …`, without the parts that there are not. */
function lineOf({ path, message, line, column, flag }: Problem, file: string | undefined): string {
  const position = line === undefined ? '' : `:${line}:${column}`;
  const where = flag ?? (file === undefined ? '' : `${file}${position}`);
  return `${[where, path].filter(Boolean).join(' ')}: ${message}`;
}

/** Gathers mistakes, so that all are told at once. */
export class Problems {
  readonly #places: Places;
  readonly #found: Problem[] = [];

  constructor(places: Places) {
    this.#places = places;
  }

  get count(): number {
    return this.#found.length;
  }

  /** @param at a mistake of the value, or of the key that it stands under */
  add(path: Path, message: string, at: 'value' | 'key' = 'value'): void {
    this.addAt(at === 'key' ? this.#places.key(path) : this.#places.value(path), message, path);
  }

  addAt(place: Place | undefined, message: string, path: Path = []): void {
    this.#found.push({ path: formatPath(path), message, ...place });
  }

  /** @throws {ConfigError} when there are any */
  throwIfAny(file?: string): void {
    if (this.#found.length > 0) throw new ConfigError(this.#found.toSorted(inOrder), file);
  }
}

function inOrder(a: Problem, b: Problem): number {
  const byFlag = Number(a.flag !== undefined) - Number(b.flag !== undefined);
  return byFlag || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
