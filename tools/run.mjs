// Runs a TypeScript program of this repository: bundles it into dist/ and imports it. `node tools/run.mjs FILE.ts [ARGS…]`
import { build } from 'esbuild';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...rest] = process.argv.slice(2);
const outfile = path.join(root, 'dist', 'tools', path.basename(entry).replace(/\.ts$/, '.mjs'));
await build({
  entryPoints: [path.resolve(entry)], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20',
  packages: 'external', define: { FAKELET_VERSION: '"0.0.0-dev"' }, sourcemap: 'inline', logLevel: 'warning',
});
process.argv = [process.argv[0], entry, ...rest];
await import(pathToFileURL(outfile).href);
