import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The crash test waits more than it works and is the longest: first. Then one that drives a browser beside one that does not. */
class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = sorted.filter((file) => file.moduleId.includes('/test/crash/'));
    const browser = sorted.filter((file) => file.moduleId.includes('/test/browser/'));
    const others = sorted.filter((file) => !first.includes(file) && !browser.includes(file));
    return [...first, ...browser.flatMap((file, nth) => [file, ...others.slice(nth, nth + 1)]), ...others.slice(browser.length)];
  }
}

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    // Files share what they import, code that has become fast, a browser and databases, which are made as new: nothing keeps what a test did.
    isolate: false,
    sequence: { sequencer: Sequencer },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['src/{server,cli,contract}/**/*.test.ts', 'test/**/*.test.ts'],
          globalSetup: ['test/postgres.ts'],
          // Node reads the sources by itself, as in production; what Vite would make of them is read three times as slowly.
          experimental: { viteModuleRunner: false, nodeLoader: false },
        },
      },
      { extends: true, test: { name: 'web', include: ['src/web/**/*.test.{ts,tsx}'] } },
    ],
  },
});
