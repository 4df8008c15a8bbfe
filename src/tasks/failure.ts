/** What our own tasks throw when an evaluation has no value: the message is logged as it is. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** Whether the same point may well have a value the next time. */
  readonly isTransient: boolean;

  constructor(message: string, isTransient = false) {
    super(message);
    this.isTransient = isTransient;
  }
}
