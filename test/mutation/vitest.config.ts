import { defineConfig } from 'vitest/config';

/** The tests that judge the rules, and nothing that boots a server: what runs for each mutant. */
export default defineConfig({
  test: {
    include: ['test/domain/rules/**/*.test.ts', 'test/domain/conditional-access/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 30_000,
  },
});
