import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Access } from '../../../src/views/dashboard/access.ts';

describe('access to a page', () => {
  it('is by one of two tokens, and by no other', () => {
    const access = new Access();
    expect(access.roleOf(access.tokenOf('owner'))).toBe('owner');
    expect(access.roleOf(access.tokenOf('viewer'))).toBe('viewer');
    fc.assert(
      fc.property(fc.string(), (guess) => {
        expect(access.roleOf(guess)).toBeUndefined();
        expect(
          access.roleOf(access.tokenOf('owner').slice(0, -1) + guess.slice(0, 1) + guess),
        ).toBeUndefined();
      }),
    );
    expect(access.roleOf(undefined)).toBeUndefined();
    expect(access.roleOf('')).toBeUndefined();
  });

  it('draws tokens that nobody guesses, and others each time', () => {
    const tokens = Array.from({ length: 20 }, () => new Access()).flatMap((access) => [
      access.tokenOf('owner'),
      access.tokenOf('viewer'),
      access.placeOf('owner'),
    ]);
    expect(new Set(tokens).size).toBe(60);
    expect(tokens.filter((token) => token.length < 32)).toHaveLength(20);
  });

  it.each(['127.0.0.1:8080', 'localhost:8080', 'localhost', '[::1]:9'])('is by the name %s', (host) => {
    const access = new Access();
    expect(access.refusal(host, undefined, undefined, true)).toBeUndefined();
    expect(access.refusal(host, `http://${host}`, 'same-origin', false)).toBeUndefined();
  });

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '127.0.0.2',
    'evil@localhost:80',
    'localhost:80/evil',
    '',
    undefined,
  ])('is not by the name %s', (host) => {
    expect(new Access().refusal(host, undefined, undefined, true)).toMatch('127.0.0.1');
  });

  it.each([
    ['http://evil.example', 'cross-site'],
    ['http://localhost:81', 'same-site'],
    ['https://localhost:80', undefined],
    ['null', undefined],
    [undefined, undefined],
    ['http://localhost:80', 'cross-site'],
  ])('is not for what a page of %s (%s) wants changed', (origin, site) => {
    expect(new Access().refusal('localhost:80', origin, site, false)).toMatch('page');
  });
});
