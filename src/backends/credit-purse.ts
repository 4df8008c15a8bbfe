import { CodedError } from '../core/errors.ts';

/** A host's side of the credits: totals that only grow, so that a repeated message changes nothing. */
export class CreditPurse {
  #granted = 0;
  #used = 0;
  #returned = 0;
  #revocation = 0;

  /** Credits for evaluations that may be started now. */
  get available(): number {
    return this.#granted - this.#used - this.#returned;
  }

  /** Credits returned unused so far. */
  get returned(): number {
    return this.#returned;
  }

  /** The last revocation that was followed. */
  get revocation(): number {
    return this.#revocation;
  }

  /** @param total credits granted so far */
  grant(total: number): void {
    this.#granted = Math.max(this.#granted, total);
  }

  /** Returns what is not in use, once for every revocation. */
  revoke(revocation: number): void {
    if (revocation <= this.#revocation) return;
    this.#revocation = revocation;
    this.returnAll();
  }

  returnAll(): void {
    this.#returned += this.available;
  }

  use(count: number): void {
    if (count > this.available)
      throw new CodedError('internal', `${count} evaluations were to start with ${this.available} credits`);
    this.#used += count;
  }

  /** Evaluations for which they were used were never begun. */
  unuse(count: number): void {
    this.#used -= count;
  }
}
