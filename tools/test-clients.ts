/**
 * `npm run test:clients -- [FOLDER] [SUITE…]`: real client libraries against real servers. A suite is a folder with a
 * `run.sh BASE_URL` whose last line is `N passed, M failed`; FOLDER holds suites and defaults to `clients` here or in the
 * shared folder beside the repository. Each suite runs twice: against a whole cluster, and with API_ONLY=1 against
 * `--mode envtest`. What this machine cannot run is skipped, with the reason.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { libraryOptions } from '../src/options.ts';
import { start } from '../src/serve.ts';

interface Counts { readonly passed: number; readonly failed: number }
interface Requirement { readonly what: string; readonly met: () => boolean }

const suiteMinutesMax = 15;
const modes = ['full', 'envtest'] as const;

const runs = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const kubectl = [process.env['KUBECTL'], 'kubectl'].find((one) => one !== undefined && runs(one, 'version', '--client'));
const go: Requirement = { what: 'Go', met: () => runs('go', 'version') };
const python: Requirement = { what: 'Python 3', met: () => runs('python3', '--version') };

/** What a suite needs beside Node, by the name that its folder starts with. */
const requirements: Readonly<Record<string, readonly Requirement[]>> = {
  'curl': [{ what: 'curl', met: () => runs('curl', '--version') }, python],
  'client-go': [go],
  'kubectl': [{ what: 'kubectl, or Go to build one', met: () => kubectl !== undefined || go.met() }],
  'python': [python],
  'java': [{ what: 'Java', met: () => runs('java', '-version') }, { what: 'Maven', met: () => runs('mvn', '--version') }],
};

const words = process.argv.slice(2);
const given = words[0] !== undefined && fs.existsSync(words[0]) ? words.shift()! : undefined;
const folder = [given, 'clients', path.join('..', 'shared', 'clients')].find((one) => one !== undefined && fs.existsSync(one));
if (folder === undefined) {
  process.stderr.write('Failed to test with clients: no folder of suites. Name one: npm run test:clients -- FOLDER.\n');
  process.exit(2);
}
const suites = fs.readdirSync(folder).filter((name) => fs.existsSync(path.join(folder, name, 'run.sh')));
const unknown = words.find((word) => !suites.includes(word));
if (unknown !== undefined) {
  process.stderr.write(`Failed to test with clients: '${folder}' has no suite '${unknown}'. It has ${suites.join(', ')}.\n`);
  process.exit(2);
}
const total = await testAll(folder, words.length > 0 ? words : suites);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed === 0 ? 0 : 1);

async function testAll(folder: string, names: readonly string[]): Promise<Counts> {
  const total = { passed: 0, failed: 0 };
  for (const name of names) {
    const missing = requirementsOf(name).filter(({ met }) => !met());
    if (missing.length > 0) {
      process.stdout.write(`${name}: skipped, this machine has no ${missing.map(({ what }) => what).join(' and no ')}\n`);
      continue;
    }
    for (const mode of modes) {
      const counts = await testOne(path.resolve(folder, name, 'run.sh'), mode);
      process.stdout.write(`${name} (${mode}): ${counts.passed} passed, ${counts.failed} failed\n`);
      total.passed += counts.passed;
      total.failed += counts.failed;
    }
  }
  return total;
}

function requirementsOf(suite: string): readonly Requirement[] {
  return Object.entries(requirements).find(([prefix]) => suite.startsWith(prefix))?.[1] ?? [];
}

/** Runs one suite against a server of its own; a suite that says no counts has failed as a whole. */
async function testOne(script: string, mode: (typeof modes)[number]): Promise<Counts> {
  const server = await start(libraryOptions({ mode, clock: 'real', profile: 'realistic' }));
  const child = spawn('bash', [script, server.url], { env: environment(mode), stdio: ['ignore', 'pipe', 'inherit'], timeout: suiteMinutesMax * 60_000 });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  await once(child, 'close');
  await server.close();
  for (const line of output.split('\n')) if (line.startsWith('FAIL')) process.stdout.write(`  ${line}\n`);
  const counts = /^(\d+) passed, (\d+) failed\s*$/m.exec(output);
  return counts ? { passed: Number(counts[1]), failed: Number(counts[2]) } : { passed: 0, failed: 1 };
}

function environment(mode: (typeof modes)[number]): NodeJS.ProcessEnv {
  const { API_ONLY: _apiOnly, KUBECONFIG: _kubeconfig, KUBECTL: _kubectl, ...inherited } = process.env;
  return {
    ...inherited,
    CACHE_DIR: process.env['CACHE_DIR'] ?? path.join(os.tmpdir(), 'fakelet-clients'),
    ...(mode === 'envtest' ? { API_ONLY: '1' } : {}),
    ...(kubectl === undefined ? {} : { KUBECTL: kubectl }),
  };
}
