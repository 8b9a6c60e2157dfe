// Bundles the command line and the library into dist/, one file each with shared chunks, so that a start reads little.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export async function build() {
  const esbuild = await import('esbuild');
  const dist = path.join(root, 'dist');
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  fs.rmSync(dist, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts' },
    outdir: 'dist', bundle: true, splitting: true, platform: 'node', format: 'esm', target: 'node20',
    minify: true, legalComments: 'none', sourcemap: true, logLevel: 'warning',
    define: { FAKELET_VERSION: JSON.stringify(version) },
    // CommonJS packages in an ESM bundle ask for these.
    banner: { js: "import { createRequire as fakeletRequire } from 'node:module'; const require = fakeletRequire(import.meta.url);" },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
