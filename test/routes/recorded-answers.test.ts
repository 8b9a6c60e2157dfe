/** Logs and the proxy paths, as a real cluster answered (test/golden/streams). */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { expect, it } from 'vitest';
import { startKube, type Kube } from 'fakelet';
import { masked } from './recorded-streams.ts';

interface Recording {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly sha256?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The text, or the SHA-256 of a long one. */
  readonly body: string;
}

const golden = (name: string) => JSON.parse(fs.readFileSync(new URL(`../golden/streams/${name}.json`, import.meta.url), 'utf8')) as unknown;
const namespace = 'default';
const node = 'node-1';

async function post(kube: Kube, resource: string, body: unknown): Promise<void> {
  const answer = await fetch(`${kube.url}/api/v1/namespaces/${namespace}/${resource}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}

/** The cluster of the recordings. */
async function recordedCluster(): Promise<Kube> {
  const kube = await startKube({ profile: 'realistic' });
  for (const [name, spec] of Object.entries(golden('pods') as Record<string, { containers: unknown }>)) {
    await post(kube, 'pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec });
  }
  const service = (name: string, ports: unknown) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports } });
  await post(kube, 'services', service('web', [{ name: 'http', port: 80, targetPort: 8080 }]));
  await post(kube, 'services', service('nobody', [{ port: 80 }]));
  return kube;
}

/** Sends one request as written; fetch would add headers of its own. */
async function ask(kube: Kube, { request }: Recording): Promise<Answer> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const path = request.path.replaceAll('{{ns}}', namespace).replaceAll('{{node}}', node);
    http.request(`${kube.url}${path}`, { method: request.method, headers: { accept: '*/*', ...request.headers }, agent: false }, resolve)
      .on('error', reject).end(request.body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return {
    status: answer.statusCode!, headers: visible(answer.headers as Record<string, string>),
    body: body.length > 6000 ? createHash('sha256').update(body).digest('hex') : await withoutAddresses(kube, withoutTimes(masked(body.toString()))),
  };
}

/** Headers that a comparison can see: Node adds its own, and the length depends on the length of masked names. */
function visible(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { connection: _connection, 'keep-alive': _keepAlive, 'content-length': length, ...others } = headers;
  const values = { ...others, ...(length === undefined ? {} : { 'content-length': 'some' }) };
  for (const name of ['etag', 'last-modified'] as const) if (Object.hasOwn(values, name)) Object.assign(values, { [name]: '{{masked}}' });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, masked(value)]).toSorted());
}

const withoutTimes = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z/g, '{{time}}');

async function withoutAddresses(kube: Kube, text: string): Promise<string> {
  if (!text.includes('dial tcp')) return text;
  const pods = await (await fetch(`${kube.url}/api/v1/namespaces/${namespace}/pods`)).json() as { items: { metadata: { name: string }; status: { podIP?: string } }[] };
  return pods.items.reduce((result, { metadata, status }) => status.podIP ? result.replaceAll(`${status.podIP}:`, `{{podIP:${metadata.name}}}:`) : result, text);
}

const expected = ({ status, headers, body, sha256 }: Recording): Answer => ({ status, headers: visible(headers), body: sha256 ?? body ?? '' });

it.each(['log', 'proxy'])('%s answers as recorded', async (name) => {
  await using kube = await recordedCluster();
  const answers: Record<string, Answer> = {};
  await kube.clock.advance('4s');
  for (const recording of golden(name) as Recording[]) {
    answers[recording.name] = await ask(kube, recording);
    if (recording.name === 'tail-while-running') await kube.clock.advance('1m');
  }
  expect(answers).toEqual(Object.fromEntries((golden(name) as Recording[]).map((recording) => [recording.name, expected(recording)])));
});
