import { defineConfig } from 'vitest/config';

/**
 * The tests that judge the rules, and nothing that boots a server: what runs for each mutant. The generated matrix stays
 * out: it takes seconds, and each rule's own tests have to hold without it.
 */
export default defineConfig({
  test: {
    include: ['test/domain/{rules,conditional-access}/**/*.test.ts', 'test/domain/audit/preflight.test.ts'],
    exclude: ['test/domain/rules/unknown-matrix.test.ts'],
    pool: 'threads',
    testTimeout: 30_000,
  },
});
