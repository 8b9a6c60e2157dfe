/**
 * Random requests against a bare API. Whatever is asked, these hold: a request is answered and never throws; a 500 is one
 * that upstream gives too; a refused or dry write changes nothing; versions rise; a watch tells what a list shows, live
 * and replayed; and writing back what was read changes nothing. A broken rule throws an AssertionError with the request.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Prng } from '../../src/lib/prng.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import { TestApi, type Answer } from '../api/api-fixture.ts';
import { collections, definition } from './fuzz-kinds.ts';
import { randomRequest, type FuzzRequest } from './random-requests.ts';

export const requestsPerSession = 50;

/** What upstream answers 500 to: it fails on these with a bare error, which is nobody's fault but its own. */
const upstreamFaults: readonly RegExp[] = [
  /failed to create typed (patch|live) object/, /failed to create manager for existing fields/, /failed to decode managed fields/,
  /failed to convert new object .* to proper version/s,
  /invalid resource name|resource name may not be empty/, /Non-matching dry-run options/,
  /resourceVersion should not be set on objects to be created/, /strconv\.ParseUint: parsing /,
  // A proxy and a log with nothing behind them.
  /no endpoints available|error trying to reach service/, /dial tcp: lookup .* no such host/,
  // Bindings that name no node.
  /\b(target|metadata)\.\w+: /,
];

/** Answers one request, checking all that can be said of it. */
function ask(api: TestApi, request: FuzzRequest): void {
  const before = api.store.revision;
  const response = api.send(request.method, request.path, request.body, { ...request.headers });
  if (!('body' in response)) return;
  const text = Buffer.from(response.body).toString();
  if (!isBrokenMerge(request, response.status)) checkStatus(response.status, text);
  const isDry = /[?&]dryRun=All/.test(request.path) && request.method !== 'DELETE';
  // Upstream finds out that it cannot show a list as one object when the collection is gone.
  const isShownBadly = request.method === 'DELETE' && response.status === 406;
  if (request.method === 'GET' || (response.status >= 400 && !isShownBadly) || isDry) {
    assert.equal(api.store.revision, before, 'a refused, dry or reading request changes nothing');
  }
}

/** Most of what is wrong with a strategic merge patch is a bare error upstream. */
const isBrokenMerge = ({ headers }: FuzzRequest, status: number): boolean =>
  status === 500 && headers['content-type'] === 'application/strategic-merge-patch+json';

function checkStatus(status: number, text: string): void {
  const body = text.startsWith('{') ? JSON.parse(text) as { kind?: string; code?: number; message?: string } : {};
  if (body.kind === 'Status' && status >= 400) assert.equal(body.code, status);
  const message = body.message ?? text.replace(/\s+/g, ' ');
  const isKnown = status < 500 || status === 501 || status === 504 || upstreamFaults.some((fault) => fault.test(message));
  assert(isKnown, `upstream would not answer ${status} ${message}`);
}

interface Event { readonly type: string; readonly object: KubeObject }

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** What a client knows who saw these events, as a list shows it. */
function known(events: readonly Event[]): KubeObject[] {
  const objects = new Map<string, KubeObject>();
  let last = 0;
  for (const { type, object } of events) {
    const version = Number(object.metadata.resourceVersion);
    assert(version > last, `versions rise: ${version} after ${last}`);
    last = version;
    if (type === 'DELETED') objects.delete(keyOf(object));
    else objects.set(keyOf(object), object);
  }
  return [...objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map((key) => objects.get(key)!);
}

/** A watch of a collection from the start of a session, and what there was then. */
interface Followed {
  readonly collection: (typeof collections)[number];
  readonly before: readonly Event[];
  readonly live: readonly Event[];
  readonly stop: () => void;
}

function listed(api: TestApi, { path, apiVersion, kind }: Followed['collection']): KubeObject[] {
  const { items = [] } = api.call('GET', path).body as unknown as { items?: KubeObject[] };
  return items.map((item) => ({ kind, apiVersion, ...item }));
}

const follow = (api: TestApi, collection: Followed['collection']): Followed => {
  const before = listed(api, collection).map((object) => ({ type: 'ADDED', object }));
  const { events, stop } = api.watch(`${collection.path}?watch=true&resourceVersion=${api.store.revision}`);
  return { collection, before, live: events, stop };
};

function checkCollection(api: TestApi, { collection, before, live }: Followed, first: number): void {
  const { path } = collection;
  const now = listed(api, collection);
  assert.deepEqual(known([...before, ...live]), now, `the watch of ${path} tells what its list shows`);
  const replayed = api.watch(`${path}?watch=true&resourceVersion=${first}`);
  replayed.stop();
  assert.deepEqual(replayed.events, live, `the replayed watch of ${path} tells the same`);
  for (const item of now) checkIdentity(api, path, item);
}

/**
 * Writing back what a list shows is refused or changes nothing, unless it was written through its scale: that leaves two
 * entries of one manager, one without a time, which count as one ever after. A Service that was made through its status
 * (its strategy creates on update, past the hooks of the storage) gets its address families with the first update.
 */
function checkIdentity(api: TestApi, path: string, item: KubeObject): void {
  if (item.metadata.managedFields?.some(({ time }) => time === undefined)) return;
  if (item.kind === 'Service' && !hasAddressFamilies(item)) return;
  const { status, body, text }: Answer = api.call('PUT', `${path}/${encodeURIComponent(item.metadata.name!)}`, item);
  if (status === 200) assert.deepEqual(body, item, `PUT of what ${path}/${item.metadata.name} holds`);
  else checkStatus(status, text);
}

function hasAddressFamilies(service: KubeObject): boolean {
  const { type, ipFamilies } = service['spec'] as { type?: string; ipFamilies?: unknown };
  return type === 'ExternalName' || ipFamilies !== undefined;
}

/** One cluster, asked once for each seed. */
export function runSession(seeds: readonly number[]): void {
  const api = new TestApi();
  api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  api.clock.runDue();
  const first = api.store.revision;
  const followed = collections.map((collection) => follow(api, collection));
  const read = (path: string) => {
    const { status, body } = api.call('GET', path);
    return status === 200 ? body : undefined;
  };
  let request: FuzzRequest | undefined;
  try {
    for (const seed of seeds) {
      request = undefined;
      request = randomRequest(new Prng(seed), read);
      ask(api, request);
    }
    request = undefined;
    for (const one of followed) checkCollection(api, one, first);
  } catch (error) {
    if (!request) throw error;
    const { method, path, headers, body = '' } = request;
    throw new Error(`${method} ${path} ${JSON.stringify(headers)}\n${body.slice(0, 3000)}`, { cause: error });
  } finally {
    for (const { stop } of followed) stop();
  }
}

/** Sessions by the seeds of their requests, so that a failing one shrinks to the requests that matter. */
export const sessions = fc.property(
  fc.array(fc.noShrink(fc.noBias(fc.nat({ max: 0xffff_ffff }))), { minLength: requestsPerSession / 2, maxLength: requestsPerSession, size: 'max' }),
  runSession,
);
