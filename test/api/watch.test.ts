import { expect, test } from 'vitest';
import { configMap, configMaps, TestApi } from './api-fixture.ts';

const seen = (events: readonly { type: string; object: { metadata: { name?: string } } }[]) => events.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`.trim());

test('a watch from a version gets what came after it, without one the state first', () => {
  const api = new TestApi();
  const from: string = api.call('POST', configMaps, configMap('a')).body.metadata['resourceVersion']!;
  api.call('POST', configMaps, configMap('b'));
  const since = api.watch(`${configMaps}?watch=1&resourceVersion=${from}`);
  const all = api.watch(`${configMaps}?watch`);
  api.call('DELETE', `${configMaps}/a`);
  expect(seen(since.events)).toEqual(['ADDED b', 'DELETED a']);
  expect(seen(all.events)).toEqual(['ADDED a', 'ADDED b', 'DELETED a']);
});

test('an object that stops matching leaves as it last matched, with the version that took it away', () => {
  const api = new TestApi();
  const watch = api.watch(`${configMaps}?watch=1&labelSelector=app`);
  api.call('POST', configMaps, configMap('a', { labels: { app: '1' } }));
  const { resourceVersion } = api.patch(`${configMaps}/a`, { metadata: { labels: null } }).body.metadata;
  api.patch(`${configMaps}/a`, { data: { k: 'v' } });
  expect(seen(watch.events)).toEqual(['ADDED a', 'DELETED a']);
  expect(watch.events[1]!.object.metadata).toMatchObject({ labels: { app: '1' }, resourceVersion });
});

test('a version that is forgotten ends the stream with an error event', () => {
  const api = new TestApi();
  api.store.compact(api.store.revision);
  const watch = api.watch(`${configMaps}?watch=1&resourceVersion=1`);
  expect(watch.events).toEqual([{ type: 'ERROR', object: {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: `too old resource version: 1 (${api.store.oldest})`, reason: 'Expired', code: 410,
  } }]);
  expect(watch.ended()).toBe(true);
});

test('a watch list says where the state ends', () => {
  const api = new TestApi();
  api.call('POST', configMaps, configMap('a'));
  const watch = api.watch(`${configMaps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
  expect(seen(watch.events)).toEqual(['ADDED a', 'BOOKMARK']);
  expect(watch.events[1]!.object).toEqual({
    kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: String(api.store.revision), annotations: { 'k8s.io/initial-events-end': 'true' } },
  });
});

test('a last bookmark comes two seconds before the end', () => {
  const api = new TestApi();
  const watch = api.watch(`${configMaps}?watch=1&resourceVersion=${api.store.revision}&allowWatchBookmarks=true&timeoutSeconds=10`);
  api.clock.advance(7_999);
  expect(watch.events).toEqual([]);
  api.clock.advance(1);
  expect([seen(watch.events), watch.ended()]).toEqual([['BOOKMARK'], false]);
  api.clock.advance(2_000);
  expect(watch.ended()).toBe(true);
});

test('a watcher that does not read is cut off and holds back nobody', () => {
  const api = new TestApi();
  const response = api.send('GET', `${configMaps}?watch=1&resourceVersion=${api.store.revision}`);
  if (!('stream' in response)) throw new Error('no stream');
  let [waiting, ended] = [0, false];
  response.stream.start({ write: (chunk) => { waiting += chunk.length * 10_000; }, end: () => { ended = true; }, bufferedBytes: () => waiting });
  for (let i = 0; i < 60; i++) expect(api.call('POST', configMaps, configMap(`a${i}`)).status).toBe(201);
  expect(ended).toBe(true);
});

test('a watch may begin with more than a slow watcher is given', () => {
  const api = new TestApi();
  const first = api.store.revision;
  for (let i = 0; i < 20; i++) api.call('POST', configMaps, { ...configMap(`a${i}`), data: { text: 'x'.repeat(1_000_000) } });
  for (const query of ['sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true', `resourceVersion=${first}`]) {
    const response = api.send('GET', `${configMaps}?watch=1&${query}`);
    if (!('stream' in response)) throw new Error('no stream');
    let [waiting, frames, ended] = [0, 0, false];
    response.stream.start({
      write: (chunk) => {
        frames++;
        waiting += chunk.length;
      },
      end: () => { ended = true; }, bufferedBytes: () => waiting,
    });
    api.call('POST', configMaps, configMap('later'));
    expect([frames >= 21, ended]).toEqual([true, false]);
    api.call('DELETE', `${configMaps}/later`);
  }
});

test('watchers share the bytes of an event', () => {
  const api = new TestApi();
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < 2; i++) {
    const response = api.send('GET', `${configMaps}?watch=1&resourceVersion=${api.store.revision}`);
    if ('stream' in response) response.stream.start({ write: (chunk) => void chunks.push(chunk), end: () => undefined, bufferedBytes: () => 0 });
  }
  api.call('POST', configMaps, configMap('a'));
  expect(chunks[0]).toBe(chunks[1]);
});

test('only the first Table of a watch has columns', () => {
  const api = new TestApi();
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const watch = api.watch(`${configMaps}?watch=1&resourceVersion=${api.store.revision}`, { accept });
  for (const name of ['a', 'b']) api.call('POST', configMaps, configMap(name));
  expect(watch.events.map(({ object }) => (object['columnDefinitions'] as unknown[] | null)?.length)).toEqual([3, undefined]);
});

test('a watch over WebSocket needs an Origin', () => {
  const api = new TestApi();
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  expect(api.send('GET', `${configMaps}?watch=1`, undefined, upgrade).status).toBe(403);
  expect(api.send('GET', `${configMaps}?watch=1`, undefined, { ...upgrade, origin: 'http://127.0.0.1' }).status).toBe(101);
});
