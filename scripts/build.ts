/** Compiles `src/` to `dist/`, and in a clone links the command as an installed package would have it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const bin = path.join(root, 'node_modules', '.bin');

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
execFileSync(path.join(bin, 'tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
chmodSync(path.join(root, 'dist', 'cli', 'bin.js'), 0o755);

// npm links the commands of dependencies, not the root's own. `exec` leaves one process, which gets all signals itself.
if (existsSync(bin) && process.platform !== 'win32') {
  const file = path.join(bin, 'glompo');
  rmSync(file, { force: true });
  writeFileSync(
    file,
    [
      '#!/bin/sh',
      'bin=$(dirname "$(readlink -f "$0")")',
      'exec "$bin/node" "$bin/../../dist/cli/bin.js" "$@"',
      '',
    ].join('\n'),
  );
  chmodSync(file, 0o755);
}
