import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown, type RolldownOutput } from 'rolldown';

/** What is started, imported or loaded by its name from outside. */
const ENTRY = /^(?:index|plugin|pool|cli\/bin|.*-entry|backends\/evaluators\/thread-worker)\.js$/;

/** It says where the other files are, by where it is itself. */
const PLACES = 'core/places';

/** One is native, the other starts threads with files of its own. */
const EXTERNAL = ['better-sqlite3', 'piscina'];

/**
 * Small modules that most entries share, in one file. They import no package and no module of Node.js: plug-ins load them wherever they are
 * loaded.
 */
const CORE =
  /dist\/(?:core\/(?:blame|clock|component|errors|json|nearest|options|power|quantiles|random|ranking)|space\/[a-z]+)\.js$/;

/** What several optimizers are made of. Each is in a file of its own, since a host loads one. */
const OPTIMIZERS =
  /dist\/(?:core\/sequences\/.*|optimizers\/(?:(?:math|trust-region|quasi-newton)\/.*|batch|convergence|cutoff|evaluated|journal|ledger|sampling|snapshot|staged|trials))\.js$/;

/**
 * Makes few files of the compiled modules and of the packages that they import, 900 in all: each costs a start a third of a millisecond. All
 * entries are bundled together, and what several of them need is in files that they share: a class is the same one in the command, in the library
 * and in a plug-in. Nothing is minified, so that stacks can be read.
 *
 * @param dist what was compiled; the bundle takes its place
 * @returns the files that it was made of
 */
export async function bundle(root: string, dist: string): Promise<readonly string[]> {
  const compiled = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.js(?:on|\.map)?$/.test(file))
    .map((file) => file.replaceAll(path.sep, '/'));
  const entries = compiled.filter((file) => ENTRY.test(file));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  await using build = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((file) => [file.slice(0, -'.js'.length), path.join(dist, file)])),
    platform: 'node',
    external: EXTERNAL,
    // Node.js 22 has no such classes.
    transform: {
      inject: Object.fromEntries(
        ['DisposableStack', 'AsyncDisposableStack'].map((name) => [
          name,
          ['@whatwg-node/disposablestack', name] as [string, string],
        ]),
      ),
    },
    // What Node.js would load is in CommonJS, of which nothing can be left out.
    resolve: { alias: { rxjs: path.join(root, 'node_modules', 'rxjs', 'dist', 'esm', 'index.js') } },
    plugins: [
      {
        name: 'compiled',
        load(id) {
          if (id === path.join(dist, 'version.js'))
            return `export const VERSION = ${JSON.stringify(version)};`;
          if (!id.startsWith(dist + path.sep) || !id.endsWith('.js')) return undefined;
          return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
        },
      },
    ],
  });
  const generated = await build.generate({
    dir: dist,
    format: 'esm',
    // Names without hashes: those of the build before are not left in a compile cache.
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) => (name === PLACES ? '[name].js' : 'chunks/[name].js'),
    sourcemap: true,
    codeSplitting: {
      groups: [
        { name: PLACES, test: new RegExp(`dist/${PLACES}\\.js$`) },
        { name: 'core', test: CORE },
        { name: 'optimizers', test: OPTIMIZERS },
        { name: 'log', test: /dist\/log\/(?!folding-entry).*\.js$/ },
      ],
    },
  });
  for (const file of compiled) rmSync(path.join(dist, file));
  for (const made of generated.output) {
    const file = path.join(dist, made.fileName);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, made.type === 'chunk' ? made.code : made.source);
  }
  const drawing = drawingOf(root);
  mkdirSync(path.join(dist, 'drawing'), { recursive: true });
  for (const [name, file] of Object.entries(drawing)) copyFileSync(file, path.join(dist, 'drawing', name));
  return [...modulesOf(generated.output), ...Object.values(drawing)];
}

/** The files that a bundle was made of. */
export function modulesOf(output: readonly RolldownOutput['output'][number][]): readonly string[] {
  return output.flatMap((made) => (made.type === 'chunk' ? made.moduleIds : []));
}

/** What draws pictures, and its font: see `DRAWING` in `core/places.ts`. */
function drawingOf(root: string): Readonly<Record<string, string>> {
  const packages = path.join(root, 'node_modules');
  return {
    'resvg.wasm': path.join(packages, '@resvg', 'resvg-wasm', 'index_bg.wasm'),
    'DejaVuSans.ttf': path.join(packages, 'dejavu-fonts-ttf', 'ttf', 'DejaVuSans.ttf'),
  };
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** https://github.com/ardatan/whatwg-node */
const WHATWG_NODE = `MIT License\n\nCopyright (c) 2023 Arda TANRIKULU\n\n${MIT}`;

/** Of packages that come without it. */
const LICENCES: Readonly<Record<string, string>> = {
  '@whatwg-node/disposablestack': WHATWG_NODE,
  '@whatwg-node/promise-helpers': WHATWG_NODE,
  '@resvg/resvg-wasm': `Copyright (c) 2021-present, yisibl

This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not distributed with this file, You
can obtain one at https://mozilla.org/MPL/2.0/. Its source is at https://github.com/yisibl/resvg-js; that of resvg, of which it is made, at
https://github.com/linebender/resvg.`,
};

/** The licences of the packages that some modules come from, as these ask for. */
export function licencesOf(modules: readonly string[]): string {
  const folders = new Set(
    modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? []),
  );
  const texts = [...folders].toSorted().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    ) as Record<'name' | 'version' | 'license', string>;
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? LICENCES[name] : readFileSync(path.join(folder, file), 'utf8');
    if (text === undefined) throw new Error(`${name} comes without its licence`);
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return `The files of this directory contain code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
