/**
 * Where files are that are found while the program runs. This module stays a file of its own when the others are bundled, at the same place
 * below `dist/` as below `src/`.
 */

/** Whether it went into a program that was bundled: none of these files is to be found then. Some bundlers leave no URL at all. */
export const IS_BUNDLED: boolean = !/\/core\/places\.[jt]s$/.test(import.meta.url);

const ROOT = new URL('../', URL.canParse(import.meta.url) ? import.meta.url : 'file:///');
const IS_SOURCE = !IS_BUNDLED && import.meta.url.endsWith('.ts');

/** What is in Python. */
export const PYTHON_ROOT: URL = new URL('../python/', ROOT);

/** The page of a run, as it was built. */
export const PAGE_ROOT: URL = new URL(IS_SOURCE ? '../dist/web/' : 'web/', ROOT);

/** What draws pictures without a browser, and a font, since a machine may have none. */
export const DRAWING: { readonly wasm: URL; readonly font: URL } = IS_SOURCE
  ? {
      wasm: new URL('../node_modules/@resvg/resvg-wasm/index_bg.wasm', ROOT),
      font: new URL('../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf', ROOT),
    }
  : { wasm: new URL('drawing/resvg.wasm', ROOT), font: new URL('drawing/DejaVuSans.ttf', ROOT) };

/** The JSON Schema of configurations, for editors. */
export const SCHEMA_FILE: URL = new URL('../configs/glompo.schema.json', ROOT);

/**
 * The URL of a file that a thread or process starts with. Sources run as `.ts`, the package as `.js`.
 *
 * @param file path of the source below `src/`, with `.ts`
 */
export function entryUrl(file: string): URL {
  return new URL(IS_SOURCE ? file : file.replace(/\.ts$/, '.js'), ROOT);
}
