import path from 'node:path';
import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What the commands that they start compile is kept apart from the user's own.
    env: { XDG_CACHE_HOME: path.join(import.meta.dirname, 'node_modules', '.cache') },
    // What is waited for comes late on a machine that does much else.
    expect: { poll: { timeout: 30_000 } },
    // Tests start threads and processes of their own.
    maxWorkers: 2,
    maxConcurrency: 3,
  },
});

export default config;
