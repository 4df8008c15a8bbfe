/** Compiles `src/` to `dist/` and bundles that, and in a clone links the command as an installed package would have it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build as buildPage } from 'vite';
import type { RolldownOutput } from 'rolldown';
import { bundle, licencesOf, modulesOf } from './bundle.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const bin = path.join(root, 'node_modules', '.bin');

rmSync(dist, { recursive: true, force: true });
execFileSync(path.join(bin, 'tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
const modules = await bundle(root, dist);
// The page of a run, for browsers.
const page = (await buildPage({
  configFile: path.join(root, 'web', 'vite.config.ts'),
  logLevel: 'warn',
})) as RolldownOutput;
writeFileSync(path.join(dist, 'LICENSES.txt'), licencesOf([...modules, ...modulesOf(page.output)]));
chmodSync(path.join(dist, 'cli', 'bin.js'), 0o755);

// npm links the commands of dependencies, not the root's own. `exec` leaves one process, which gets all signals itself.
if (existsSync(bin) && process.platform !== 'win32') {
  const file = path.join(bin, 'glompo');
  rmSync(file, { force: true });
  writeFileSync(
    file,
    [
      '#!/bin/sh',
      // A program started to tell the directory of a path costs 2 ms.
      '[ -L "$0" ] && self=$(readlink -f "$0") || self=$0',
      'case $self in */*) ;; *) self=./$self ;; esac',
      'exec "${self%/*}/node" "${self%/*}/../../dist/cli/bin.js" "$@"',
      '',
    ].join('\n'),
  );
  chmodSync(file, 0o755);
}
