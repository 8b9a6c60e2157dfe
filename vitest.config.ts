import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  define: { FAKELET_VERSION: JSON.stringify('0.0.0-test') },
  resolve: { alias: { 'fakelet/vitest': source('src/vitest.ts'), fakelet: source('src/index.ts') } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    // Nothing in the code is global but caches, so files may share the modules that a worker has loaded.
    isolate: false,
    setupFiles: ['test/support/freeze-stored.ts'],
    testTimeout: 30_000,
    passWithNoTests: false,
  },
});
