/**
 * The URL of a file that a thread or process starts with, beside the module that asks. Sources run as `.ts`, the package as `.js`:
 * the extension is that of the asking module.
 *
 * @param file relative path of the source, with `.ts`
 * @param base the asking module's `import.meta.url`
 */
export function entryUrl(file: string, base: string): URL {
  return new URL(base.endsWith('.ts') ? file : file.replace(/\.ts$/, '.js'), base);
}
