import { existsSync, statSync, symlinkSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { makeDirectory } from '../../src/core/directories.ts';
import { Folder } from '../support/folder.ts';

const source = new URL('../../src/core/directories.ts', import.meta.url).pathname;

/** What making a directory comes to in a process of its own, which is ended when it takes for ever. */
async function complaint(directory: string): Promise<string> {
  const program = `import { makeDirectory } from ${JSON.stringify(source)};
    try { makeDirectory(${JSON.stringify(directory)}); } catch (error) { console.log(error.code); }`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  return stdout;
}

describe('a directory', () => {
  it('is made with those above it, and may be there', () => {
    using folder = new Folder();
    expect(makeDirectory(folder.at('a/b/c'))).toBe(folder.at('a'));
    expect(statSync(folder.at('a/b/c')).isDirectory()).toBe(true);
    expect(makeDirectory(folder.at('a/b/c'))).toBeUndefined();
    expect(makeDirectory(folder.at('a/b/d/'))).toBe(folder.at('a/b/d'));
    expect(makeDirectory('/')).toBeUndefined();
  });

  it('may be a link to one', () => {
    using folder = new Folder();
    folder.made('there');
    symlinkSync(folder.at('there'), folder.at('link'));
    expect(makeDirectory(folder.at('link'))).toBeUndefined();
    expect(makeDirectory(folder.at('link/a'))).toBe(folder.at('link/a'));
    expect(existsSync(folder.at('there/a'))).toBe(true);
  });

  it('is none where there is something else', () => {
    using folder = new Folder();
    folder.write('file', '');
    symlinkSync(folder.at('nowhere'), folder.at('dangling'));
    expect(() => makeDirectory(folder.at('file'))).toThrow(/^EEXIST/);
    expect(() => makeDirectory(folder.at('file/a/b'))).toThrow(/^ENOTDIR/);
    expect(() => makeDirectory(folder.at('dangling/a'))).toThrow(/^EEXIST/);
  });

  it.runIf(process.platform === 'linux').each(['/proc/glompo', '/proc/glompo/a'])(
    'is refused at once by filesystems that say of it that it does not exist: %s',
    async (directory) => {
      // Who is not root is told so.
      expect(await complaint(directory)).toMatch(/^(ENOENT|EACCES)$/);
    },
  );
});
