import { CodedError } from './errors.ts';
import { IS_BUNDLED } from './places.ts';

/** @throws {CodedError} `usage` where threads and processes would look in vain for the files that they start with */
export function refuseBundled(): void {
  if (IS_BUNDLED)
    throw new CodedError(
      'usage',
      'glompo was bundled into a program, and its threads and processes start with files of its own: leave it out of the bundle, as an external package',
    );
}
