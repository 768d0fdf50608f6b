import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'tests', include: ['tests/**/*.test.ts'], exclude: ['tests/long/**', 'tests/bench.test.ts'] },
      },
      // What measures comes last and has the machine to itself.
      { extends: true, test: { name: 'bench', include: ['tests/bench.test.ts'], sequence: { groupOrder: 1 } } },
    ],
  },
});
