import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/schema/objects.ts';
import { TestApi } from './api-fixture.ts';
import { collections, randomRequest, type RandomRequest } from './random-request.ts';

/** The same requests every time; `FAKELET_RANDOM_WRITES=100000` asks that many others, and a failure prints their seed. */
const wanted = process.env['FAKELET_RANDOM_WRITES'];
const requests = Number(wanted ?? 3000);
const seed = wanted === undefined ? { seed: 1 } : {};
const perRun = 30;

/** What upstream answers 500 to: it fails on these with a bare error, which is nobody's fault but its own. */
const internalErrors = [
  /^failed to create typed (patch|live) object/,
  /^failed to create manager for existing fields/,
  /^failed to convert new object .* to proper version/s,
  /^(invalid resource name|resource name may not be empty)/,
  /does not contain declared merge key/,
  /^resourceVersion should not be set on objects to be created$/,
  /^strconv\.ParseUint: parsing /,
];

/** Objects by collection and name, from a list or from the events of a watch. */
type State = Map<string, KubeObject>;

function listed(api: TestApi): State {
  return new Map(collections.flatMap((path) => (api.call('GET', path).body as unknown as { items: KubeObject[] }).items
    .map((item): [string, KubeObject] => [`${path}/${item.metadata.name}`, item])));
}

/** Watches every collection; answers what a client knows who only listens. */
function follow(api: TestApi): () => State {
  const watches = collections.map((path) => ({ path, ...api.watch(`${path}?watch=true&resourceVersion=0`) }));
  return () => {
    const state: State = new Map();
    for (const { path, events, stop } of watches) {
      stop();
      for (const { type, object: { apiVersion: _, kind: __, ...object } } of events) {
        if (type === 'DELETED') state.delete(`${path}/${object.metadata.name}`);
        else state.set(`${path}/${object.metadata.name}`, object);
      }
    }
    return state;
  };
}

function send(api: TestApi, { method, path, body, headers }: RandomRequest): void {
  const { revision } = api.store;
  const { status, body: answer } = api.call(method, path, body, headers);
  const message = String((answer as { message?: unknown }).message ?? '');
  const isKnown = status < 500 || internalErrors.some((pattern) => pattern.test(message));
  const isUntouched = api.store.revision === revision || (status < 300 && method !== 'GET' && !path.includes('dryRun=All'));
  expect({ method, path, body, status, message, isKnown, isUntouched }).toEqual({ method, path, body, status, message, isKnown: true, isUntouched: true });
}

test('random requests never break the API, refusals change nothing, and a watch tells what a list shows', () => {
  // The fixture freezes what is stored: changing a stored object would throw.
  const sequence = fc.array(fc.noShrink(fc.noBias(fc.nat())), { minLength: perRun / 2, maxLength: perRun, size: 'max' });
  fc.assert(fc.property(sequence, (seeds) => {
    const api = new TestApi();
    const state = follow(api);
    for (const one of seeds) send(api, randomRequest(one));
    const sorted = (known: State) => [...known].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(state())).toEqual(sorted(listed(api)));
  }), { numRuns: Math.ceil(requests / perRun), ...seed });
}, 3_600_000);
