import { type Dirent, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { LOG_FILE, POINTER_FILE } from '../../log/place.ts';

/** Directories, and files whose names fit. Those in the middle of a path end with a slash. */
export function filesAt(prefix: string, fits: (name: string) => boolean): readonly string[] {
  return entriesAt(prefix).flatMap(({ name, entry }) =>
    isDirectory(entry) ? [`${name}/`] : fits(name) ? [name] : [],
  );
}

/** Run directories, and those in which they may be. */
export function runsAt(prefix: string): readonly string[] {
  return entriesAt(prefix).flatMap(({ name, entry }) => {
    if (!isDirectory(entry) || entry.name === 'node_modules') return [];
    const isRun = [LOG_FILE, POINTER_FILE].some((file) =>
      existsSync(path.join(entry.parentPath, entry.name, file)),
    );
    return [isRun ? name : `${name}/`];
  });
}

/** What goes on as the prefix does; hidden files only when it asks for them. */
function entriesAt(prefix: string): readonly { readonly name: string; readonly entry: Dirent }[] {
  const cut = prefix.lastIndexOf('/') + 1;
  const [directory, begun] = [prefix.slice(0, cut), prefix.slice(cut)];
  return listed(directory || '.')
    .filter(({ name }) => name.startsWith(begun) && (begun.startsWith('.') || !name.startsWith('.')))
    .map((entry) => ({ name: directory + entry.name, entry }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function listed(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Links to directories are some, too. */
function isDirectory(entry: Dirent): boolean {
  return (
    entry.isDirectory() ||
    (entry.isSymbolicLink() && existsSync(`${path.join(entry.parentPath, entry.name)}/.`))
  );
}
