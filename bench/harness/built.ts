import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Glompo from '../../src/index.ts';
import { root } from './managed-run.ts';

/** glompo as it is built: what is measured is what users have. */
export async function built(): Promise<typeof Glompo> {
  return (await import(pathToFileURL(path.join(root, 'dist/index.js')).href)) as typeof Glompo;
}

/** The command `glompo` as it is built. */
export const bin: string = path.join(root, 'dist/cli/bin.js');
