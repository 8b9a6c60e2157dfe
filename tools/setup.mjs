// Set-up that every command shares: install from the lock file and build, each only when missing or stale.
// Plain JavaScript without dependencies, since it runs before anything is installed.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const nodeMinimum = [20, 19];

/** Installs the dependencies that package-lock.json names, unless that is done. */
export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < nodeMinimum[0] || (major === nodeMinimum[0] && minor < nodeMinimum[1])) {
    fail(`Failed to start: Node ${process.versions.node} is too old. Use Node ${nodeMinimum.join('.')} or newer.`);
  }
  const lock = createHash('sha256').update(fs.readFileSync(path.join(root, 'package-lock.json'))).digest('hex');
  const stamp = path.join(root, 'node_modules', '.fakelet-lock');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing dependencies (once) …\n');
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  } catch {
    fail('Failed to install the dependencies: npm ci ended with an error (above). Check the network and the npm registry setting, then run again.');
  }
  fs.writeFileSync(stamp, lock);
}

/** Builds dist/, unless it is newer than every source. */
export async function buildIfStale() {
  const built = path.join(root, 'dist', 'cli.js');
  if (fs.existsSync(built) && fs.statSync(built).mtimeMs > newestSource()) return;
  const { build } = await import(pathToFileURL(path.join(root, 'tools', 'build.mjs')).href);
  await build();
}

function newestSource() {
  let newest = 0;
  const visit = (file) => {
    const stat = fs.statSync(file);
    if (stat.isDirectory()) for (const name of fs.readdirSync(file)) visit(path.join(file, name));
    else newest = Math.max(newest, stat.mtimeMs);
  };
  for (const name of ['src', 'routes', 'package-lock.json', 'tools/build.mjs']) visit(path.join(root, name));
  return newest;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
