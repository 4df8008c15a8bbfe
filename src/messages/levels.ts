import { CodedError, describe } from '../core/errors.ts';
import {
  MESSAGE_COMPONENTS,
  MESSAGE_LEVELS,
  type MessageComponent,
  type MessageLevel,
} from '../core/logger.ts';
import { nearest } from '../core/nearest.ts';

/** Up to which level each component is heard. */
export type Levels = Readonly<Record<MessageComponent, MessageLevel>>;

/** Whether a message that matters so much is to be heard where all up to `upTo` are. */
export function isHeard(level: MessageLevel, upTo: MessageLevel): boolean {
  return MESSAGE_LEVELS.indexOf(level) <= MESSAGE_LEVELS.indexOf(upTo);
}

export function levelsOf(level: MessageLevel): Levels {
  return Object.fromEntries(MESSAGE_COMPONENTS.map((component) => [component, level])) as Levels;
}

/**
 * Reads `debug`, `manager=debug` or `warn,hosts=debug`.
 *
 * @param before what holds where it says nothing
 * @throws {CodedError} `usage`
 */
export function parseLevels(text: string, before: Levels): Levels {
  let levels = before;
  for (const part of text.split(',').map((one) => one.trim())) {
    const [left = '', right] = part.split('=');
    if (right === undefined) levels = levelsOf(oneOf(left, MESSAGE_LEVELS, 'a level'));
    else
      levels = {
        ...levels,
        [oneOf(left, MESSAGE_COMPONENTS, 'a component')]: oneOf(right, MESSAGE_LEVELS, 'a level'),
      };
  }
  return levels;
}

function oneOf<Name extends string>(given: string, names: readonly Name[], what: string): Name {
  const found = names.find((name) => name === given.trim());
  if (found !== undefined) return found;
  const near = nearest(given, names);
  throw new CodedError(
    'usage',
    `expected ${what} (${names.join(', ')}), got ${describe(given)}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}
