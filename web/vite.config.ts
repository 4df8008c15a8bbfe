import path from 'node:path';
import { defineConfig, type UserConfig } from 'vite';

/** Builds the page of a run: a few files that load nothing from anywhere else. */
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: path.join(import.meta.dirname, '..', 'dist', 'web'),
    emptyOutDir: true,
    // The policy of the server allows no inline scripts, styles or modules made of data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { entryFileNames: 'page.js', chunkFileNames: '[name].js', assetFileNames: 'page[extname]' },
    },
  },
});

export default config;
