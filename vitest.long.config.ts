import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';

/** Marathons: minutes each, run before a release and not with every change. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.long.ts'],
    testTimeout: 3_600_000,
    maxWorkers: 1,
  },
});

export default config;
