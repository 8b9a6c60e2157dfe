import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { FAKELET_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 30_000,
    passWithNoTests: false,
  },
});
