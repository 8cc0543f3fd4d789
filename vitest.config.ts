import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['src/{server,cli,contract}/**/*.test.ts', 'test/**/*.test.ts'],
          globalSetup: ['test/postgres.ts'],
          // Files share what they import, and code that has become fast: no module keeps a test's state.
          isolate: false,
          // Node reads the sources by itself, as in production; what Vite would make of them is read three times as slowly.
          experimental: { viteModuleRunner: false, nodeLoader: false },
        },
      },
      { extends: true, test: { name: 'web', include: ['src/web/**/*.test.{ts,tsx}'] } },
    ],
  },
});
