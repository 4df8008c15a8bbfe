import { chownSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cacheDirectory, limitCompileCache } from '../../src/core/compile-cache.ts';
import { Folder } from '../support/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  vi.stubEnv('XDG_CACHE_HOME', folder.path);
  vi.stubEnv('NODE_COMPILE_CACHE', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  folder[Symbol.dispose]();
});

it.skipIf(process.platform !== 'linux')('is where a user has caches', () => {
  expect(cacheDirectory()).toBe(folder.at('glompo/compiled'));
  // By its specification.
  vi.stubEnv('XDG_CACHE_HOME', 'relative');
  expect(cacheDirectory()).toBe(`${homedir()}/.cache/glompo/compiled`);
});

it.skipIf(process.getuid?.() !== 0)('is not where another user could have put code', () => {
  chownSync(folder.path, 12_345, 12_345);
  expect(cacheDirectory()).toBeUndefined();
});

it.skipIf(process.platform !== 'linux')(
  'is emptied when it has grown too large, for each Node.js apart',
  () => {
    for (let i = 0; i < 2001; i++) folder.write(`glompo/compiled/v24/${i}`, '');
    folder.write('glompo/compiled/v26/1', '');
    limitCompileCache();
    expect(readdirSync(folder.at('glompo/compiled'))).toEqual(['v26']);
  },
);
