import { CodedError } from '../core/errors.ts';

interface Account {
  granted: number;
  /** Credits that became rows. */
  used: number;
  returned: number;
}

/**
 * The manager's side of the credits, which make budgets exact.
 *
 * Invariant, after every call: counted rows + outstanding credits <= budget. Every credit ends as one row or is returned.
 */
export class CreditLedger {
  #budget: number;
  readonly #accounts = new Map<number, Account>();
  #counted = 0;
  #calls = 0;
  #outstanding = 0;
  /** Evaluations that count, and are not numbered yet. */
  #arrived = 0;

  /** @param budget how many evaluations there may be; `Infinity` for no limit */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Evaluations that count, so far. */
  get counted(): number {
    return this.#counted;
  }

  /** The last call that is in the log: all evaluations so far, those included that do not count. */
  get calls(): number {
    return this.#calls;
  }

  /**
   * Evaluations that were in the log before: some count, and have used their credits.
   *
   * @param arrived how many count and are not numbered yet
   */
  resume(calls: number, counted: number, arrived: number): void {
    this.#calls = calls;
    this.#counted = counted;
    this.#arrived = arrived;
  }

  /** Credits that are with hosts. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** How many credits could be granted now. */
  get grantable(): number {
    return this.#budget - this.#counted - this.#arrived - this.#outstanding;
  }

  get budget(): number {
    return this.#budget;
  }

  /** Makes the budget larger, by evaluations that were kept back. */
  raise(count: number): void {
    this.#budget += count;
  }

  open(optimizerId: number): void {
    this.#accounts.set(optimizerId, { granted: 0, used: 0, returned: 0 });
  }

  outstandingOf(optimizerId: number): number {
    const account = this.#account(optimizerId);
    return account.granted - account.used - account.returned;
  }

  /** @returns all that was granted to this optimizer so far, which is what its host is told */
  grant(optimizerId: number, count: number): number {
    if (count > this.grantable)
      throw new CodedError(
        'internal',
        `${count} credits were to be granted, but only ${this.grantable} are left`,
      );
    const account = this.#account(optimizerId);
    account.granted += count;
    this.#outstanding += count;
    return account.granted;
  }

  /** True when a host may claim so many rows that count, and so many returned credits. */
  covers(optimizerId: number, counted: number, returnedTotal: number): boolean {
    const account = this.#account(optimizerId);
    const returned = returnedTotal - account.returned;
    return returned >= 0 && counted + returned <= this.outstandingOf(optimizerId);
  }

  /** Turns credits into the rows of a batch that count, and takes back what was returned. */
  settle(optimizerId: number, rows: number, counted: number, returnedTotal: number): void {
    this.arrive(optimizerId, counted, returnedTotal);
    this.number(rows, counted);
  }

  /** Turns credits into evaluations that are not numbered yet, and takes back what was returned. */
  arrive(optimizerId: number, counted: number, returnedTotal: number): void {
    if (!this.covers(optimizerId, counted, returnedTotal))
      throw new CodedError(
        'internal',
        `optimizer ${optimizerId} claims more evaluations than it had credits for`,
      );
    const account = this.#account(optimizerId);
    const returned = returnedTotal - account.returned;
    account.used += counted;
    account.returned = returnedTotal;
    this.#arrived += counted;
    this.#outstanding -= counted + returned;
  }

  /** Evaluations that arrived have their call ids now. */
  number(rows: number, counted: number): void {
    this.#calls += rows;
    this.#counted += counted;
    this.#arrived -= counted;
  }

  /** Takes back all that an optimizer still has, and returns how many that were. */
  close(optimizerId: number): number {
    if (!this.#accounts.has(optimizerId)) return 0;
    const left = this.outstandingOf(optimizerId);
    this.#outstanding -= left;
    this.#accounts.delete(optimizerId);
    return left;
  }

  #account(optimizerId: number): Account {
    const account = this.#accounts.get(optimizerId);
    if (!account) throw new CodedError('internal', `optimizer ${optimizerId} has no credit account`);
    return account;
  }
}
