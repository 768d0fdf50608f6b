import { defineConfig } from 'vitest/config';

/** Measures: no other test may run beside it. */
const MEASURING = 'tests/bench.ratios.test.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'tests', include: ['tests/**/*.test.ts'], exclude: ['tests/long/**', MEASURING] },
      },
      { extends: true, test: { name: 'measuring', include: [MEASURING], sequence: { groupOrder: 1 } } },
    ],
  },
});
