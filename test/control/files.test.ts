import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Intervention, InterventionFiles, interventionOf } from '../../src/control/files.ts';
import { Folder } from '../support/folder.ts';

function watch(folder: Folder): { readonly files: InterventionFiles; readonly heard: string[] } {
  const heard: string[] = [];
  const tell = ({ kind }: Intervention, name: string): void => {
    heard.push(`${name}: ${kind}`);
  };
  return { files: new InterventionFiles(folder.path, tell), heard };
}

describe('the name of a file', () => {
  it.each([
    ['STOP_1', { kind: 'stop-optimizer', optimizer: 1 }],
    ['STOP_003', { kind: 'stop-optimizer', optimizer: 3 }],
    ['STOP_ALL', { kind: 'stop' }],
    ['EXIT', { kind: 'stop' }],
    ['STOP_x', { kind: 'malformed' }],
    ['STOP_', { kind: 'malformed' }],
    ['STOP_0', { kind: 'malformed' }],
    ['STOP_1.5', { kind: 'malformed' }],
    ['STOP_-1', { kind: 'malformed' }],
    ['STOP_99999999999999999999', { kind: 'malformed' }],
    ['stop_1', undefined],
    ['exit', undefined],
    ['run.sqlite', undefined],
    ['constructor', undefined],
  ])('%s asks for %j', (name, intervention) => {
    if (intervention) expect(interventionOf(name)).toMatchObject(intervention);
    else expect(interventionOf(name)).toBeUndefined();
  });

  it('names an optimizer or nothing, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        const found = interventionOf(`STOP_${rest}`)!;
        if (found.kind === 'stop-optimizer') expect(Number(rest)).toBe(found.optimizer);
        else expect(found.kind).toBe(rest === 'ALL' ? 'stop' : 'malformed');
      }),
    );
  });
});

describe('files in the run directory', () => {
  it('are heard once and removed, others are left alone', async () => {
    using folder = new Folder();
    const { files, heard } = watch(folder);
    for (const name of ['STOP_2', 'STOP_x', 'EXIT', 'notes.txt']) folder.write(name, '');
    await files.look();
    await files.look();
    expect(heard).toEqual(['EXIT: stop', 'STOP_2: stop-optimizer', 'STOP_x: malformed']);
    expect(readdirSync(folder.path)).toEqual(['notes.txt']);
    folder.write('STOP_2', 'again');
    await files.look();
    expect(heard.slice(3)).toEqual(['STOP_2: stop-optimizer']);
  });

  it('that were there before are removed unheard', async () => {
    using folder = new Folder();
    for (const name of ['STOP_1', 'STOP_ALL', 'EXIT']) folder.write(name, '');
    const { files, heard } = watch(folder);
    expect(readdirSync(folder.path)).toEqual([]);
    folder.write('STOP_1', '');
    await files.look();
    expect(heard).toEqual(['STOP_1: stop-optimizer']);
  });

  it('are files: a directory of such a name is left alone', async () => {
    using folder = new Folder();
    mkdirSync(folder.at('STOP_1'));
    const { files, heard } = watch(folder);
    await files.look();
    expect(heard).toEqual([]);
    expect(existsSync(folder.at('STOP_1'))).toBe(true);
  });

  it('are not looked for when the directory is gone, nor after the end', async () => {
    const folder = new Folder();
    const { files, heard } = watch(folder);
    folder[Symbol.dispose]();
    await files.look();
    using other = new Folder();
    const ended = watch(other);
    ended.files[Symbol.dispose]();
    other.write('EXIT', '');
    await ended.files.look();
    expect([...heard, ...ended.heard]).toEqual([]);
  });

  it('are heard by and by', async () => {
    using folder = new Folder();
    const { promise, resolve } = Promise.withResolvers<string>();
    using files = new InterventionFiles(folder.path, (_, name) => {
      resolve(name);
    });
    files.start(5);
    folder.write('EXIT', '');
    expect(await promise).toBe('EXIT');
  });
});
