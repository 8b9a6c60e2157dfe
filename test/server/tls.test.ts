/** `--tls`: HTTPS with a certificate that the kubeconfig trusts, HTTP/2 for those who ask. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

let child: ChildProcess;
let url: string;

beforeAll(async () => {
  child = spawn(process.execPath, ['dist/cli.js', '--port', '0', '--tls', '--token', 'secret'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = await once(child.stdout!, 'data') as [Buffer];
  url = /https\S+/.exec(chunk.toString())![0];
});

afterAll(() => void child.kill('SIGKILL'));

const headers = { authorization: 'Bearer secret' };

async function kubeconfig(): Promise<{ ca: string; server: string; token: string }> {
  const printer = spawn(process.execPath, ['dist/cli.js', 'kubeconfig', '--tls', '--token', 'secret', '--port', new URL(url).port], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  printer.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  await once(printer, 'close');
  const { clusters: [{ cluster }], users: [{ user }] } = parse(text) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }]; users: [{ user: { token: string } }];
  };
  return { ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(), server: cluster.server, token: user.token };
}

test('the kubeconfig carries the certificate, and HTTP/1.1 clients trust it', async () => {
  const { ca, server, token } = await kubeconfig();
  expect({ server, token }).toEqual({ server: url, token: 'secret' });
  const status = await new Promise<number>((resolve, reject) => {
    https.get(`${url}/api/v1/nodes`, { ca, headers }, (response) => resolve(response.resume().statusCode!)).on('error', reject);
  });
  expect(status).toBe(200);
});

test('HTTP/2 serves lists and watches', async () => {
  const { ca } = await kubeconfig();
  const session = http2.connect(url, { ca });
  const stream = session.request({ ':path': '/api/v1/namespaces?watch=1', ...headers });
  const [response] = await once(stream, 'response') as [http2.IncomingHttpHeaders];
  const [first] = await once(stream, 'data') as [Buffer];
  expect({ status: response[':status'], added: first.toString().startsWith('{"type":"ADDED"') }).toEqual({ status: 200, added: true });
  session.destroy();
});

test('without the token every request is 401', async () => {
  const { ca } = await kubeconfig();
  const status = await new Promise<number>((resolve) => { https.get(`${url}/api/v1/nodes`, { ca }, (response) => resolve(response.resume().statusCode!)); });
  expect(status).toBe(401);
});
