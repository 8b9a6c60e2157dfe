/** The command line as a user meets it: one clear line and exit 1 for a mistake, a clean end for SIGTERM. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Running { readonly child: ChildProcess; readonly url: string; readonly line: string }

async function serve(...words: string[]): Promise<Running> {
  const child = run(...words);
  const [chunk] = await once(child.stdout!, 'data') as [Buffer];
  const line = chunk.toString().trimEnd();
  return { child, line, url: /http\S+/.exec(line)![0] };
}

function run(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, ['dist/cli.js', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr!.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, stdout, stderr };
}

test('the first line says that it is ready, and where', async () => {
  const { line, url } = await serve('--port', '0', '--clock', 'manual', '--seed', '7');
  expect(line).toBe(`fakelet ready ${url} (kubernetes v1.36.2, clock manual, seed 7)`);
});

test('an unknown flag gives one line and exit 1', async () => {
  expect(await outcome(run('--nope'))).toEqual({ code: 1, stdout: '', stderr: "Failed to read the command line: unknown word '--nope'. Run fakelet --help.\n" });
});

test('a port in use gives one line and exit 1', async () => {
  const other = http.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  expect(await outcome(run('--port', String(port)))).toEqual({ code: 1, stdout: '',
    stderr: `Failed to listen on 127.0.0.1:${port}: the port is in use. Give another one with --port, or --port 0.\n` });
  other.close();
});

test('an unknown controller and a missing manifest are named', async () => {
  expect((await outcome(run('--port', '0', '--controllers', 'nope'))).stderr).toMatch(/^Failed to read --controllers: 'nope' is unknown\. Known are: .*\n$/);
  expect((await outcome(run('--port', '0', '--load', 'nope.yaml'))).stderr).toBe('Failed to read --load nope.yaml: ENOENT. Check the path.\n');
});

test('SIGTERM ends it within a second, with watches closed', async () => {
  const { child, url } = await serve('--port', '0');
  const watch = await fetch(`${url}/api/v1/namespaces?watch=1`);
  const ended = watch.text().then(() => 'ended', () => 'ended');
  const start = performance.now();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit') as [number | null];
  expect(code).toBe(0);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(await ended).toBe('ended');
});

test('--help fits one screen, --version is one line', async () => {
  const { stdout, code } = await outcome(run('--help'));
  expect({ code, short: stdout.split('\n').length <= 33 }).toEqual({ code: 0, short: true });
  expect((await outcome(run('--version'))).stdout).toMatch(/^fakelet \d+\.\d+\.\d+\n$/);
});

test('a foreign Host and a foreign Origin are refused', async () => {
  const { url } = await serve('--port', '0');
  const answer = (headers: Record<string, string>) => new Promise<number>((resolve) => {
    http.get(`${url}/version`, { headers }, (response) => resolve(response.resume().statusCode!));
  });
  expect(await answer({})).toBe(200);
  expect(await answer({ host: 'evil.example' })).toBe(403);
  expect(await answer({ origin: 'https://evil.example' })).toBe(403);
});

test('with a token, requests without it are 401', async () => {
  const { url } = await serve('--port', '0', '--token', 'secret');
  const status = async (headers: Record<string, string>) => (await fetch(`${url}/api/v1/nodes`, { headers })).status;
  expect(await status({})).toBe(401);
  expect(await status({ authorization: 'Bearer wrong' })).toBe(401);
  expect(await status({ authorization: 'Bearer secret' })).toBe(200);
});

test('/metrics is Prometheus text', async () => {
  const { url } = await serve('--port', '0');
  const response = await fetch(`${url}/metrics`);
  expect({ status: response.status, type: response.headers.get('content-type') })
    .toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' });
  expect(await response.text()).toMatch(/^apiserver_resource_objects\{resource="nodes"\} 1$/m);
});

test('kubeconfig prints what kubectl needs', async () => {
  const { stdout } = await outcome(run('kubeconfig', '--port', '1234', '--token', 'secret'));
  expect(stdout).toContain('server: http://127.0.0.1:1234');
  expect(stdout).toContain('token: secret');
});

test('sh runs a script at once, however long it sleeps, and ends with its status', async () => {
  expect(await outcome(run('sh', 'date; sleep 86400; date; echo "$1" >&2; exit 3', 'argument'))).toEqual({
    code: 3, stdout: 'Thu Jan  1 00:00:00 UTC 2026\nFri Jan  2 00:00:00 UTC 2026\n', stderr: 'argument\n',
  });
});

test('sh says when a script can not be started or never ends', async () => {
  expect((await outcome(run('sh', '--image', 'registry.test/missing:1', 'true'))).stderr).toMatch(/^Failed to start the script: .*not found\. Give another --image or script\.\n$/);
  expect(await outcome(run('sh', 'read x < /dev/null; tail -f /dev/null'))).toEqual({
    code: 1, stdout: '', stderr: 'Failed to run the script to its end: it waits for something that never comes. Let it end by itself.\n',
  });
});
