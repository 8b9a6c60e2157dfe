/**
 * An operator's view of a cluster, for stories: a whole cluster in this process, spoken to as a client speaks to it, on
 * a clock that the story moves.
 */
import { Cluster } from '../../src/cluster/cluster.ts';
import type { ApiResponse } from '../../src/api/kube-api.ts';
import { libraryOptions, type Options } from '../../src/options.ts';
import type { Scenario } from '../../src/schema/fakelet/v1.ts';

export interface Answer<T = Body> { readonly status: number; readonly body: T; readonly headers: Record<string, string | string[]> }
/** A loose view of whatever Kubernetes answered. */
export type Body = Record<string, unknown> & {
  metadata: { name: string; resourceVersion: string; uid: string; continue?: string; finalizers?: string[]; deletionTimestamp?: string; creationTimestamp: string };
  spec: Record<string, unknown> & { nodeName?: string };
  status: PodStatus;
  items: Body[];
  reason: string; message: string; code: number;
};
interface PodStatus extends Record<string, unknown> {
  phase: string; reason?: string;
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
  containerStatuses?: { name: string; ready: boolean; restartCount: number; state: Record<string, { reason?: string; message?: string; exitCode?: number }>;
    lastState: Record<string, { reason?: string; exitCode?: number; message?: string }> }[];
}

export interface Asked { readonly headers?: Record<string, string>; readonly contentType?: string }
export interface WatchEvent { readonly type: string; readonly object: Body }

export class Story {
  readonly cluster: Cluster;

  constructor(options: Partial<Options> = {}, scenarios: readonly Scenario[] = []) {
    this.cluster = new Cluster({ options: libraryOptions(options), version: 'test', manifests: [], scenarios });
  }

  get controls() {
    return this.cluster.controls;
  }

  /** Sends a request; the answer may come later (a delay) or never (a hang). */
  send(method: string, path: string, body?: unknown, { headers = {}, contentType = 'application/json' }: Asked = {}): { answer?: Answer; broken?: true } {
    const [pathname = '', query = ''] = path.split('?');
    const sent: { answer?: Answer; broken?: true } = {};
    const response = this.cluster.handle({
      method, path: pathname, query, headers: { ...(body === undefined ? {} : { 'content-type': contentType }), ...headers },
      body: body === undefined ? new Uint8Array(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    });
    take(response, sent);
    this.cluster.settle();
    return sent;
  }

  ask(method: string, path: string, body?: unknown, asked?: Asked): Answer {
    const { answer } = this.send(method, path, body, asked);
    if (!answer) throw new Error(`${method} ${path} was not answered`);
    return answer;
  }

  get(path: string): Body {
    return this.ask('GET', path).body;
  }

  create(path: string, object: unknown): Body {
    const { status, body } = this.ask('POST', path, object);
    if (status !== 201) throw new Error(body.message);
    return body;
  }

  patch(path: string, patch: unknown): Answer {
    return this.ask('PATCH', path, patch, { contentType: 'application/merge-patch+json' });
  }

  /** A Pod of one container `app`. */
  runPod(name: string, more: { metadata?: object; spec?: object; container?: object } = {}): Body {
    return this.create(pods, podObject(name, more));
  }

  pod(name: string): Body {
    return this.get(`${pods}/${name}`);
  }

  gone(path: string): boolean {
    return this.ask('GET', path).status === 404;
  }

  /** Moves the clock by seconds. */
  run(seconds: number): void {
    this.cluster.clock.advance(seconds * 1000);
  }

  /** Follows a resource; events gather in the returned list. */
  watch(path: string, asked?: Asked): Watched {
    const [pathname = '', query = ''] = path.split('?');
    const response = this.cluster.handle({ method: 'GET', path: pathname, query: `watch=true&${query}`, headers: asked?.headers ?? {}, body: new Uint8Array(0) });
    const watched: Watched = { events: [], ended: false, broken: false, names: () => watched.events.map(({ type, object }) => `${type} ${object.metadata?.name ?? object.reason}`) };
    if (!('stream' in response)) throw new Error('no watch');
    response.stream.start({
      write: (chunk) => void watched.events.push(JSON.parse(Buffer.from(chunk).toString()) as WatchEvent),
      end: () => { watched.ended = true; },
      break: () => { watched.broken = true; },
      bufferedBytes: () => 0,
    });
    this.cluster.settle();
    return watched;
  }

  events(): string[] {
    return this.get(`${ns}/events`).items.map((event) => `${event['reason'] as string}: ${event['message'] as unknown as string}`);
  }

  [Symbol.dispose](): void {
    this.cluster.close();
  }
}

export interface Watched { readonly events: WatchEvent[]; ended: boolean; broken: boolean; names(): string[] }

export const ns = '/api/v1/namespaces/default';
export const pods = `${ns}/pods`;

export function podObject(name: string, { metadata = {}, spec = {}, container = {} }: { metadata?: object; spec?: object; container?: object } = {}) {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata },
    spec: { containers: [{ name: 'app', image: 'example.com/app:1', ...container }], ...spec },
  };
}

/** `Ready=True`, `CrashLoopBackOff #3`: what kubectl's columns would tell. */
export function stateOf({ status }: Body): string {
  const [first] = status.containerStatuses ?? [];
  const [kind, detail] = Object.entries(first?.state ?? {})[0] ?? ['-', {}];
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status ?? '-';
  return `${status.phase} ${detail.reason ?? kind} ready=${ready} restarts=${first?.restartCount ?? 0}`;
}

function take(response: ApiResponse, into: { answer?: Answer; broken?: true }): void {
  if ('deferred' in response) return response.deferred((later) => take(later, into));
  if ('broken' in response) {
    into.broken = true;
    return;
  }
  if ('stream' in response) {
    const chunks: Uint8Array[] = [];
    response.stream.start({ write: (chunk) => void chunks.push(chunk), end: () => {}, bufferedBytes: () => 0 });
    into.answer = { status: 200, headers: response.headers, body: Buffer.concat(chunks).toString() as unknown as Body };
    return;
  }
  const text = 'body' in response ? Buffer.from(response.body).toString() : '';
  into.answer = { status: response.status, headers: response.headers, body: (text.startsWith('{') ? JSON.parse(text) : text) as Body };
}
