/** An API of its own for a test, on a clock that stands, with the objects that Pods need. */
import { KubeApi } from '../../src/api/kube-api.ts';
import type { ApiResponse } from '../../src/api/response.ts';
import { SwitchableClock } from '../../src/clock/switchable-clock.ts';
import { deepFreeze } from '../../src/lib/json.ts';
import { Prng } from '../../src/lib/prng.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly text: string;
  // Recorded bodies are loose by nature.
  readonly body: Readonly<Record<string, never>> & { readonly metadata: Readonly<Record<string, never>> };
}

export const startMs = Date.parse('2026-01-01T00:00:00Z');

export class TestApi {
  readonly clock = new SwitchableClock({ startMs, timersPerMoveMax: 100_000 });
  readonly store = new MemoryStore<KubeObject>(100);
  readonly api: KubeApi;

  constructor() {
    this.api = new KubeApi({
      store: this.store, clock: this.clock, random: new Prng(1), nodes: undefined,
      tokens: { sign: (claims) => JSON.stringify(claims), verify: (token) => (token.startsWith('{') ? JSON.parse(token) as object as never : undefined), jwks: () => ({ keys: [] }) },
    });
    this.store.watch('/', 0, ({ stored }) => deepFreeze(stored.value));
    this.call('POST', '/api/v1/namespaces', { metadata: { name: 'default' } });
    this.call('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  }

  send(method: string, pathAndQuery: string, body?: unknown, headers: Record<string, string | undefined> = {}): ApiResponse {
    const [path = '', query = ''] = pathAndQuery.split('?');
    const bytes = body === undefined ? new Uint8Array(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return this.api.handle({ method, path, query, headers: { 'user-agent': 'test/1', ...headers }, body: bytes });
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string | undefined> = {}): Answer {
    const response = this.send(method, path, body, headers);
    if (!('body' in response)) throw new Error(`${method} ${path} answers with a stream`);
    const text = Buffer.from(response.body).toString();
    return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) as never : {} as never };
  }

  patch(path: string, body: unknown, type = 'merge-patch+json'): Answer {
    return this.call('PATCH', path, body, { 'content-type': `application/${type}` });
  }

  /** Opens a watch; the events it has got so far are in the list that comes back. */
  watch(path: string, headers: Record<string, string | undefined> = {}): { events: { type: string; object: KubeObject }[]; ended: () => boolean; stop: () => void } {
    const response = this.send('GET', path, undefined, headers);
    if (!('stream' in response)) throw new Error(`${path} answers ${response.status}`);
    const events: { type: string; object: KubeObject }[] = [];
    let ended = false;
    const stop = response.stream.start({
      write: (chunk) => void events.push(JSON.parse(Buffer.from(chunk).toString()) as never),
      end: () => {
        ended = true;
      },
      bufferedBytes: () => 0,
    });
    return { events, ended: () => ended, stop };
  }
}

export const configMaps = '/api/v1/namespaces/default/configmaps';
export const pods = '/api/v1/namespaces/default/pods';
export const configMap = (name: string, more: object = {}) => ({ metadata: { name, ...more } });
export const pod = (name: string, spec: object = {}) => ({ metadata: { name }, spec: { containers: [{ name: 'a', image: 'img:1' }], ...spec } });
