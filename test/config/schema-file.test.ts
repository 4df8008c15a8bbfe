import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaLine, schemaText } from '../../src/config/schema-file.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const SCHEMA = path.join(root, 'configs', 'glompo.schema.json');

describe('configs/glompo.schema.json', () => {
  it('is what `node scripts/schema.ts` writes', () => {
    expect(readFileSync(SCHEMA, 'utf8')).toBe(schemaText());
  });

  it('comes with the package, where an editor or a program finds it', () => {
    const { files, exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      readonly files: readonly string[];
      readonly exports: Readonly<Record<string, unknown>>;
    };
    expect(files).toContain('configs');
    expect(exports['./config.schema.json']).toBe('./configs/glompo.schema.json');
  });

  it('is referred to by every configuration in the repository', () => {
    const files = execFileSync('git', ['ls-files', 'configs/*.yaml', 'examples/*.yaml'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const file of files.trim().split('\n')) {
      const text = readFileSync(path.join(root, file), 'utf8');
      const [, referred] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      expect(path.resolve(root, path.dirname(file), referred!), file).toBe(SCHEMA);
    }
  });
});

describe('the line that refers to the schema', () => {
  it('is relative within a project, and absolute elsewhere', () => {
    expect(schemaLine(path.join(root, 'runs', 'a'))).toBe(
      '# yaml-language-server: $schema=../../configs/glompo.schema.json',
    );
    expect(schemaLine('/elsewhere')).toBe(`# yaml-language-server: $schema=${SCHEMA}`);
    const installed = '/home/a user/fit/node_modules/glompo/configs/glompo.schema.json';
    expect(schemaLine('/home/a user/fit/configs', installed)).toBe(
      '# yaml-language-server: $schema=../node_modules/glompo/configs/glompo.schema.json',
    );
    expect(schemaLine('/home/other', installed)).toBe(
      '# yaml-language-server: $schema=/home/a%20user/fit/node_modules/glompo/configs/glompo.schema.json',
    );
  });
});
