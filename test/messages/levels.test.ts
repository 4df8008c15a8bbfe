import { describe, expect, it } from 'vitest';
import { isHeard, levelsOf, parseLevels } from '../../src/messages/levels.ts';

describe('levels of messages', () => {
  it('are one for all, or one for a component', () => {
    const info = levelsOf('info');
    expect(parseLevels('debug', info)).toEqual(levelsOf('debug'));
    expect(parseLevels('hosts=debug', info)).toEqual({ ...info, hosts: 'debug' });
    expect(parseLevels('warn, log = error', info)).toEqual({ ...levelsOf('warn'), log: 'error' });
  });

  it('refuse what they do not know, and say what is near', () => {
    expect(() => parseLevels('debgu', levelsOf('info'))).toThrow(
      'expected a level (error, warn, info, debug), got "debgu"; did you mean debug?',
    );
    expect(() => parseLevels('mananger=debug', levelsOf('info'))).toThrow('did you mean manager?');
    expect(() => parseLevels('', levelsOf('info'))).toThrow('expected a level');
  });

  it('let through what matters as much or more', () => {
    expect((['error', 'warn', 'info', 'debug'] as const).map((level) => isHeard(level, 'warn'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
