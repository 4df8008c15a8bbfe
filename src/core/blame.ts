import { CodedError, factsOf } from './errors.ts';

/**
 * Calls a method of a component, which may be a plug-in. What it throws ends the run, and is told with the component's name and stack.
 *
 * @param kind `hunter`
 * @param method that is called
 */
export function blame<Result>(kind: string, name: string, method: string, call: () => Result): Result {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    const { name: error, message, stack } = factsOf(thrown);
    throw new CodedError(
      'component-failed',
      `${kind} ${name} threw ${error} in ${method}: ${message}${stack ? `\n${stack}` : ''}`,
      { cause: thrown },
    );
  }
}
