#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { limitCompileCache, useCompileCache } from '../core/compile-cache.ts';
import { awaitJobLimit } from './job-limits.ts';

awaitJobLimit();

const LEAST = [22, 18] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
  process.stderr.write(
    `glompo needs Node.js ${LEAST.join('.')} or newer; this is ${process.versions.node}. Install a newer one, for example with: npm install node@24\n`,
  );
  process.exitCode = 1;
} else {
  // What the manager allocates is short-lived and small; a nursery that grows to 96 MB only makes it larger (bench/memory.md).
  setFlagsFromString('--semi-space-growth-factor=1');
  // After it: what was compiled under other flags is refused.
  useCompileCache();
  process.once('exit', limitCompileCache);
  // Only now: what it imports does not parse on an old Node.
  const { main } = await import('./main.ts');
  await main(process.argv);
}
