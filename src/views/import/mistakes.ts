import { CodedError } from '../../core/errors.ts';

/** So many are told; who made more has made the same one again and again. */
const MOST = 20;

/** Gathers what is wrong with a file, so that it is told at once. */
export class Mistakes {
  readonly #file: string;
  readonly #lines: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  get count(): number {
    return this.#lines.length;
  }

  /**
   * @param place `old.csv:7`, `old.csv`
   * @throws {CodedError} `usage` when these are enough
   */
  add(place: string, message: string): void {
    this.#lines.push(`${place} ${message}`);
    if (this.#lines.length === MOST) {
      this.#lines.push(`There may be more: it was read no further than its ${MOST}th mistake.`);
      this.throwIfAny();
    }
  }

  /** @throws {CodedError} `usage` with all of them, a line each */
  throwIfAny(): void {
    if (this.#lines.length > 0)
      throw new CodedError('usage', [`cannot import ${this.#file}`, ...this.#lines].join('\n'));
  }
}
