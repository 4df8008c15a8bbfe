import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCHEMA_FILE } from '../core/places.ts';
import { configSchema } from './json-schema.ts';

/** What is in `configs/glompo.schema.json`: `node scripts/schema.ts` writes it there. */
export function schemaText(): string {
  return `${JSON.stringify(configSchema(), undefined, 2)}\n`;
}

/**
 * The first line of a configuration, which tells editors where its schema is: the one that came with this glompo. Relative where a project has
 * glompo among its own packages or is glompo itself, so that it holds on every machine.
 *
 * @param directory of the configuration
 */
export function schemaLine(directory: string, file: string = fileURLToPath(SCHEMA_FILE)): string {
  const relative = path.relative(directory, file);
  const isOwn =
    /^(?:\.\.[/\\])*node_modules[/\\]/.test(relative) || isWithin(directory, path.resolve(file, '../..'));
  return `# yaml-language-server: $schema=${encodeURI(isOwn ? relative.replaceAll(path.sep, '/') : file)}`;
}

function isWithin(directory: string, root: string): boolean {
  return directory === root || directory.startsWith(`${root}${path.sep}`);
}
