import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { FAKELET_VERSION: JSON.stringify('0.0.0-test') },
  resolve: { alias: { fakelet: fileURLToPath(new URL('src/index.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    setupFiles: ['test/support/freeze-stored.ts'],
    testTimeout: 30_000,
    passWithNoTests: false,
  },
});
