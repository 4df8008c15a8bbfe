import { describe, expect, it } from 'vitest';
import { connectionOfEnvironment } from '../../../src/backends/cluster/settings.ts';

describe('the engine that the environment names', () => {
  it('is none where nothing is said, or one of its own is wanted', () => {
    expect(connectionOfEnvironment({})).toBeUndefined();
    expect(connectionOfEnvironment({ GLOMPO_ENGINE_URL: '' })).toBeUndefined();
    expect(connectionOfEnvironment({ GLOMPO_ENGINE_URL: 'own' })).toBeUndefined();
  });

  it('has its servers, and who one is there', () => {
    const told = {
      GLOMPO_ENGINE_URL: 'tls://a:4222,tls://b:4222',
      GLOMPO_ENGINE_TOKEN: 'secret',
      GLOMPO_ENGINE_CREDENTIALS: '/a.creds',
      GLOMPO_ENGINE_NKEY: '/a.nk',
      GLOMPO_ENGINE_CA: '/ca.pem',
      GLOMPO_ENGINE_CERT: '/cert.pem',
      GLOMPO_ENGINE_KEY: '/key.pem',
    };
    expect(connectionOfEnvironment(told)).toEqual({
      servers: ['tls://a:4222', 'tls://b:4222'],
      token: 'secret',
      credentialsFile: '/a.creds',
      nkeyFile: '/a.nk',
      tls: { caFile: '/ca.pem', certFile: '/cert.pem', keyFile: '/key.pem' },
    });
  });

  it.each([
    [{ GLOMPO_ENGINE_URL: 'a:4222' }, /^GLOMPO_ENGINE_URL: expected nats:\/\/host:4222/],
    [{ GLOMPO_ENGINE_URL: 'nats://me:word@a' }, /^GLOMPO_ENGINE_URL: no secrets.*GLOMPO_ENGINE_TOKEN/],
    [
      { GLOMPO_ENGINE_URL: 'nats://a', GLOMPO_ENGINE_CERT: '/c' },
      /^GLOMPO_ENGINE_CERT and GLOMPO_ENGINE_KEY go together/,
    ],
    [{ GLOMPO_ENGINE_URL: 'nats://a,http://me:word@a' }, /^GLOMPO_ENGINE_URL: no secrets((?!word).)*$/],
    [{ GLOMPO_ENGINE_URL: 'me:word@a:4222' }, /^GLOMPO_ENGINE_URL: no secrets((?!word).)*$/],
    [{ GLOMPO_ENGINE_URL: 'nats://me:wo#rd@a' }, /^GLOMPO_ENGINE_URL: no secrets((?!rd).)*$/],
  ])('is refused with the name of the variable: %o', (told, message) => {
    expect(() => connectionOfEnvironment(told)).toThrow(message);
  });
});
