import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodedError } from '../../core/errors.ts';
import { PAGE_ROOT } from '../../core/places.ts';

interface PageFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

let files: ReadonlyMap<string, PageFile> | undefined;

/** The files of the page as it was built, by their paths: these and no others are served. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  files ??= readAll(fileURLToPath(PAGE_ROOT));
  return files;
}

function readAll(root: string): ReadonlyMap<string, PageFile> {
  let names: readonly string[];
  try {
    names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw new CodedError('internal', 'the page is not built: npm run build', { cause: error });
  }
  return new Map(
    names
      .filter((name) => path.extname(name) in TYPES)
      .map((name) => [
        `/${name.replaceAll(path.sep, '/')}`,
        { content: new Uint8Array(readFileSync(path.join(root, name))), type: TYPES[path.extname(name)]! },
      ]),
  );
}
