/** Fills in what a real cluster answers to workload sessions: `node tools/run.mjs tools/record-workloads.ts URL TOKEN FILE…` */
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { play, type AnyObject, type Session, type Target } from './replay/workload-sessions.ts';

class RealCluster implements Target {
  readonly namespace = `wl-${Date.now().toString(36)}`;
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  now(): number {
    return Date.now();
  }

  async open(): Promise<void> {
    await this.#request('POST', '/api/v1/namespaces', { metadata: { name: this.namespace } });
    await sleep(1500);
  }

  async create(resource: string, object: unknown): Promise<void> {
    await this.#request('POST', this.#path(resource), object);
  }

  async patch(resource: string, name: string, patch: unknown, subresource: string | undefined): Promise<void> {
    await this.#request('PATCH', `${this.#path(resource)}/${name}${subresource ? `/${subresource}` : ''}`, patch, 'application/merge-patch+json');
  }

  async remove(resource: string, name: string, options: Record<string, unknown>): Promise<void> {
    await this.#request('DELETE', `${this.#path(resource)}/${name}`, options);
  }

  async list(resource: string): Promise<readonly AnyObject[]> {
    const { items } = await this.#request('GET', this.#path(resource)) as { items: AnyObject[] };
    return items;
  }

  async wait(seconds: number): Promise<void> {
    await sleep(seconds * 1000);
  }

  #path(resource: string): string {
    const [plural, ...group] = resource.split('.');
    const base = group.length > 0 ? `/apis/${group.join('.')}/v1` : '/api/v1';
    return plural === 'nodes' ? `${base}/${plural}` : `${base}/namespaces/${this.namespace}/${plural}`;
  }

  #request(method: string, path: string, body?: unknown, type = 'application/json'): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = { authorization: `Bearer ${this.#token}`, 'content-type': type, 'content-length': Buffer.byteLength(text), 'user-agent': 'test' };
      const request = https.request(this.#url + path, { method, headers, rejectUnauthorized: false }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => answer += part).on('end', () => {
          if ((response.statusCode ?? 500) < 400) resolve(JSON.parse(answer));
          else reject(new Error(`${method} ${path}: ${answer}`));
        });
      });
      request.on('error', reject).end(text);
    });
  }
}

const [url = '', token = '', ...files] = process.argv.slice(2);
for (const file of files) {
  const session = JSON.parse(readFileSync(file, 'utf8')) as Session;
  const cluster = new RealCluster(url, token);
  await cluster.open();
  await play(session, cluster, (step, objects) => step.are = objects);
  await cluster.remove('namespaces', cluster.namespace, {}).catch(() => undefined);
  const steps = session.steps.map((step) => `  ${JSON.stringify(step)}`).join(',\n');
  writeFileSync(file, `{\n "title": ${JSON.stringify(session.title)},\n "steps": [\n${steps}\n ]\n}\n`);
}
