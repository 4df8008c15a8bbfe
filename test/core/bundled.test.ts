import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const dist = path.join(root, 'dist');

const PROGRAM = `
import { GloMPOManager } from ${JSON.stringify(path.join(dist, 'index.js'))};
import { Pool } from ${JSON.stringify(path.join(dist, 'pool.js'))};

const say = ({ code, message }) => console.log(code, message);
await new GloMPOManager({ task: { benchmark: 'sphere', dimension: 2 }, dir: 'run' }).start().catch(say);
try {
  new Pool();
} catch (error) {
  say(error);
}
const pool = new Pool({ backend: 'inline' });
console.log(await pool.map((x) => x + 1, [1]));
`;

/** Made by `npm run build`, which `npm test` does first. */
it.skipIf(!existsSync(dist))('a program that was bundled with all of glompo in it is told so', async () => {
  using folder = new Folder();
  symlinkSync(path.join(root, 'node_modules'), folder.at('node_modules'));
  const input = folder.write('program.js', PROGRAM);
  await using bundle = await rolldown({
    input,
    platform: 'node',
    external: ['better-sqlite3', 'piscina'],
    logLevel: 'silent',
  });
  await bundle.write({ dir: folder.at('out') });
  folder.write('package.json', '{ "type": "module" }');
  const { stdout } = await execa(process.execPath, [folder.at('out/program.js')], { cwd: folder.path });
  const lines = stdout.split('\n');
  expect(lines.slice(0, 2)).toEqual(
    Array(2).fill(expect.stringMatching(/^usage glompo was bundled .* external package$/)),
  );
  expect(lines[2]).toBe('[ 2 ]');
  expect(folder.has('run')).toBe(false);
});
