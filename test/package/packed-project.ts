/**
 * A fresh project with fakelet as `npm pack` makes it. Its dependencies are links to this repository's, since tests have no network.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = process.cwd();
/** What a user of the examples installs beside fakelet. */
const companions = ['vitest', 'typescript', '@types/node'];

export interface Ran { readonly status: number | null; readonly output: string }

export class PackedProject {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fakelet-packed-'));
  /** Paths in the tarball. */
  readonly files: readonly string[];

  constructor() {
    const source = path.join(this.folder, 'source');
    const tarball = pack(source);
    const installed = path.join(this.folder, 'node_modules', 'fakelet');
    fs.mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
    this.files = fs.readdirSync(installed, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      .map((entry) => path.relative(installed, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    for (const name of [...Object.keys(dependencies), ...companions]) this.#link(name);
    fs.rmSync(source, { recursive: true });
    this.write('package.json', JSON.stringify({ name: 'fresh', private: true, type: 'module' }));
  }

  write(file: string, text: string): void {
    const target = path.join(this.folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }

  /** Runs Node in the project, with the environment of a user's shell. */
  node(...args: string[]): Ran {
    const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, NODE_OPTIONS: ____, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8', env: { ...env, NODE_ENV: '', NO_COLOR: '1' } });
    return { status, output: stdout + stderr };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true });
  }

  #link(name: string): void {
    const link = path.join(this.folder, 'node_modules', name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.join(root, 'node_modules', name), link, 'junction');
  }
}

/** Packs a copy, for packing builds and other tests use what is built here. Answers the tarball. */
function pack(copy: string): string {
  const { files } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { files: string[] };
  const published = files.filter((name) => !name.startsWith('!') && name !== 'dist');
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.types.json', 'src', 'routes', 'tools', ...published]) {
    fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts=false', '--loglevel=error'], { cwd: copy, encoding: 'utf8', shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'inherit'] });
  const [{ filename }] = JSON.parse(output.slice(output.indexOf('[\n'))) as [{ filename: string }];
  return path.join(copy, filename);
}
