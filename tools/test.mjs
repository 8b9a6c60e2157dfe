// `npm test`: set-up when needed, then types, lint and tests. Words after `--` go to vitest.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { buildIfStale, install, root } from './setup.mjs';

install();
await buildIfStale();
const run = (title, script, ...words) => {
  process.stdout.write(`\n# ${title}\n`);
  try {
    execFileSync(process.execPath, [path.join(root, 'node_modules', script), ...words], { cwd: root, stdio: 'inherit' });
  } catch (error) {
    process.exit(error.status ?? 1);
  }
};
const words = process.argv.slice(2);
if (words.length === 0) {
  run('types', 'typescript/bin/tsc', '--noEmit');
  run('lint', 'oxlint/bin/oxlint', '--quiet');
}
run('tests', 'vitest/vitest.mjs', 'run', ...words);
