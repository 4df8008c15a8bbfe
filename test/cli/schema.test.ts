import { describe, expect, it } from 'vitest';
import { schemaText } from '../../src/config/schema-file.ts';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';

describe('glompo schema', () => {
  it('writes the schema of configurations to standard output', async () => {
    using folder = new Folder();
    const { exitCode, stdout } = await runCli(['schema'], folder.path);
    expect(exitCode).toBe(0);
    expect(`${stdout}\n`).toBe(schemaText());
  });

  it('writes it to a file, but not over another one', async () => {
    using folder = new Folder();
    const args = ['schema', '--output', 'editor/glompo.json'];
    const { exitCode, stdout } = await runCli([...args, '--json'], folder.path);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ file: folder.at('editor/glompo.json') });
    expect(folder.read('editor/glompo.json')).toBe(schemaText());
    folder.write('editor/glompo.json', 'mine');
    expect(await runCli(args, folder.path)).toMatchObject({
      exitCode: 2,
      stderr: 'glompo: editor/glompo.json exists; --overwrite replaces it',
    });
    expect(folder.read('editor/glompo.json')).toBe('mine');
    expect(await runCli([...args, '--overwrite'], folder.path)).toMatchObject({ exitCode: 0 });
    expect(folder.read('editor/glompo.json')).toBe(schemaText());
  });
});
