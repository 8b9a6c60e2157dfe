// Bundles the command line, its server and the library into dist/, so that a start reads little, and compiles the server.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export async function build() {
  const esbuild = await import('esbuild');
  const dist = path.join(root, 'dist');
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  fs.rmSync(dist, { recursive: true, force: true });
  const shared = {
    absWorkingDir: root, outdir: 'dist', bundle: true, platform: 'node', target: 'node20',
    minify: true, legalComments: 'none', sourcemap: true, logLevel: 'warning', define: { FAKELET_VERSION: JSON.stringify(version) },
  };
  await esbuild.build({
    ...shared, entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts', vitest: 'src/vitest.ts' }, splitting: true, format: 'esm',
    external: ['vitest'],
    // CommonJS packages in an ESM bundle ask for these.
    banner: { js: "import { createRequire as fakeletRequire } from 'node:module'; const require = fakeletRequire(import.meta.url);" },
  });
  await esbuild.build({ ...shared, entryPoints: { server: 'src/serve.ts' }, format: 'cjs', outExtension: { '.js': '.cjs' } });
  execFileSync(process.execPath, ['tools/run.mjs', 'tools/compile.ts'], { cwd: root, stdio: 'inherit' });
}

/** Writes the library's types to dist/types; only a package needs them, so a start does not wait for them. */
export function buildTypes() {
  const types = path.join(root, 'dist', 'types');
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
  execFileSync(process.execPath, ['tools/run.mjs', 'tools/declarations.ts'], { cwd: root, stdio: 'inherit' });
  const needed = new Set();
  const visit = (file) => {
    if (needed.has(file)) return;
    needed.add(file);
    for (const [, target] of fs.readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.ts['"]/g)) {
      visit(path.resolve(path.dirname(file), `${target}.d.ts`));
    }
  };
  for (const entry of ['index', 'vitest']) visit(path.join(types, 'src', `${entry}.d.ts`));
  for (const entry of fs.readdirSync(types, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !needed.has(file)) fs.rmSync(file);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  if (process.argv.includes('--types')) buildTypes();
}
