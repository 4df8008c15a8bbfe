import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const dist = path.join(root, 'dist');

/** What a file of the bundle and those that it imports load besides each other. */
function foreignImports(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const found = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?(?:from )?"([^"]+)";/gm);
  return [...found].flatMap(([, specifier]) =>
    specifier!.startsWith('.')
      ? foreignImports(path.resolve(path.dirname(file), specifier!), seen)
      : [specifier!],
  );
}

describe('the package', () => {
  it('has the scripts for batch systems that its docs name', async () => {
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
    const packed = [...stdout.matchAll(/"path": "(examples\/[^"]+)"/g)].map(([, file]) => file);
    const scripts = readdirSync(path.join(root, 'examples', 'cluster')).map(
      (name) => `examples/cluster/${name}`,
    );
    expect(packed).toEqual(expect.arrayContaining(scripts));
  });
});

/** Made by `npm run build`, which `npm test` does first. */
describe.skipIf(!existsSync(dist))('the bundle', () => {
  it('has every file that the sources start a thread or a process with', () => {
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(path.join(root, 'src', file), 'utf8'))
      .join('\n');
    const entries = [...sources.matchAll(/entryUrl\('([^']+)\.ts'\)/g)].map(([, entry]) => `${entry!}.js`);
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.filter((entry) => !existsSync(path.join(dist, entry)))).toEqual([]);
  });

  it('gives plug-ins what loads no package and no Node module', () => {
    const seen = new Set<string>();
    expect(foreignImports(path.join(dist, 'plugin.js'), seen)).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });

  it.each(['inline', 'threads', 'processes'])(
    'runs, and a plug-in in it has the classes of the command and of the library: %s',
    async (backend) => {
      using folder = new Folder();
      symlinkSync(root, path.join(folder.made('node_modules'), 'glompo'));
      folder.write('task.mjs', 'export default (x) => x[0] ** 2 + x[1] ** 2;\n');
      folder.write(
        'plugin.mjs',
        `import { CandidateLedger, options } from 'glompo/plugin';
import * as glompo from 'glompo';
if (glompo.CandidateLedger !== CandidateLedger) throw new Error('two of them');
export default {
  checkers: [{ name: 'never', options: options({}), create: () => ({ holds: () => { throw new glompo.CodedError('usage', 'as the command knows it'); } }) }],
};
`,
      );
      const config = folder.write(
        'run.yaml',
        `plugins: [./plugin.mjs]
task: { module: ./task.mjs }
parameters: [{ name: a, min: -1, max: 2 }, { name: b, min: -1, max: 2 }]
stop: { max-evaluations: 40 }
manager: { backend: ${backend}, maxJobs: 2, seed: 1 }
`,
      );
      const bin = path.join(dist, 'cli', 'bin.js');
      const run = await execa(process.execPath, [bin, 'run', config, '--dir', folder.at('run'), '--json'], {
        env: { XDG_CACHE_HOME: folder.made('cache') },
        reject: false,
      });
      expect(run.stderr).not.toContain('Error');
      expect(JSON.parse(run.stdout)).toMatchObject({ evaluations: 40 });
      // What was compiled is there for the next one.
      expect(readdirSync(folder.at('cache/glompo/compiled'), { recursive: true }).length).toBeGreaterThan(20);
    },
  );
});
