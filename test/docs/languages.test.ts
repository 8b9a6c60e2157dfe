/** The recipes of other languages run with the toolchain of this machine, where it has one. */
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

interface Language {
  readonly file: string;
  /** Prints a version where the toolchain is there. */
  readonly probe: readonly [string, ...string[]];
  /** Other files it needs. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly run: string;
  readonly prints: string;
}

const languages: Readonly<Record<string, Language>> = {
  Go: { file: 'recipe_test.go', probe: ['go', 'version'], beside: { 'go.mod': 'module recipe\n\ngo 1.21\n' }, run: 'go test -v ./...', prints: '--- PASS: TestEveryTestBeginsEmpty' },
  Python: { file: 'test_recipe.py', probe: ['python3', '--version'], run: 'python3 -m unittest -v test_recipe 2>&1', prints: 'Ran 2 tests' },
  Java: { file: 'Recipe.java', probe: ['javac', '-version'], run: 'javac Recipe.java && java Recipe', prints: 'a Pod that crashes is backed off' },
  Rust: { file: 'recipe.rs', probe: ['rustc', '--version'], run: 'rustc --edition 2021 --test -o recipe recipe.rs && ./recipe', prints: 'test result: ok. 1 passed' },
};

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fakelet-languages-'));
  // What `npm install -g fakelet` puts there.
  fs.writeFileSync(path.join(folder, 'fakelet'), `#!/bin/sh\nexec '${process.execPath}' '${path.resolve('dist/cli.js')}' "$@"\n`, { mode: 0o755 });
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test.for(Object.entries(languages))('%s', { timeout: 240_000 }, async ([name, { file, probe: [command, ...args], beside = {}, run, prints }], { skip }) => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
  } catch {
    console.log(`The recipe for ${name} is not run: '${command}' does not work on this machine.`);
    return skip(`no ${command}`);
  }
  const project = path.join(folder, name);
  fs.mkdirSync(project);
  fs.copyFileSync(`test/docs/languages/${file}`, path.join(project, file));
  for (const [other, text] of Object.entries(beside)) fs.writeFileSync(path.join(project, other), text);
  const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env['PATH']}`, GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' };
  const { stdout } = await promisify(execFile)('sh', ['-c', run], { cwd: project, env });
  expect(stdout).toContain(prints);
});
