import { describe, expect, it } from 'vitest';
import { CodedError, factsOf, joined, messageOf } from '../../src/core/errors.ts';

const first = new CodedError('log-unusable', 'the log is damaged');
const second = new Error('the file is closed');

/** As `using` throws it, when what it ends fails as well. */
const both = new SuppressedError(second, first);

describe('an error after an error', () => {
  it('is told behind the first, of which it has the name and the code', () => {
    expect(messageOf(both)).toBe('the log is damaged; and after that: the file is closed');
    expect(factsOf(both)).toMatchObject({ name: 'CodedError', code: 'log-unusable', stack: first.stack });
    expect(joined(both)).toMatchObject({ code: 'log-unusable', message: messageOf(both), cause: first });
  });

  it('is told with all that came before it', () => {
    const third = new SuppressedError(new Error('so is the other'), both);
    const message = `${messageOf(both)}; and after that: so is the other`;
    expect([messageOf(third), joined(third)]).toMatchObject([message, { code: 'log-unusable', message }]);
  });

  it('is nothing that changes another error', () => {
    expect(joined(second)).toBe(second);
    expect(joined('text')).toBe('text');
  });
});
