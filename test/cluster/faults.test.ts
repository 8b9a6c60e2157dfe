/** What faults make of requests. */
import { expect, test } from 'vitest';
import type { Fault } from '../../src/schema/fakelet/v1.ts';
import { ns, pods, podObject, Story } from '../stories/story.ts';

const configMap = (name: string, data: Record<string, string> = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const maps = `${ns}/configmaps`;

function faulty(...rules: Fault[]): Story {
  const story = new Story({ mode: 'envtest' });
  for (const rule of rules) story.controls.faults.add(rule);
  return story;
}

test.each<[number, object]>([
  [409, { reason: 'Conflict', message: 'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again' }],
  [429, { reason: 'TooManyRequests', message: 'the server has received too many requests and has asked us to try again later', details: { retryAfterSeconds: 1 } }],
  [500, { reason: 'InternalError' }], [503, { reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' }],
  [410, { reason: 'Expired' }], [599, { message: 'the server answered 599' }],
])('an error %i has Kubernetes\' own words', (code, expected) => {
  using story = faulty({ name: 'oops', effect: { error: { code } } });
  const answer = story.ask('PATCH', `${maps}/a`, {}, { contentType: 'application/merge-patch+json' });
  expect({ ...answer.body, headers: answer.headers['x-fakelet-fault'], retry: answer.headers['retry-after'] }).toMatchObject({
    kind: 'Status', status: 'Failure', code, ...expected, headers: 'oops', retry: code === 429 ? '1' : undefined,
  });
});

test('a rule compares all that it names', () => {
  using story = faulty({
    match: { verbs: ['create', 'update'], resource: 'configmaps', namespace: 'def*', name: 'web-*', userAgent: 'my-operator/*', fieldManager: 'my-operator', subresource: '' },
    effect: { error: { code: 503 } },
  });
  const headers = { 'user-agent': 'my-operator/v1' };
  const codes = [
    story.ask('POST', maps, configMap('web-1'), { headers }), story.ask('POST', maps, configMap('other'), { headers }),
    story.ask('POST', maps, configMap('web-2'), { headers: { 'user-agent': 'kubectl/v1' } }), story.ask('GET', `${maps}/web-1`, undefined, { headers }),
    story.ask('POST', `${maps}?fieldManager=x`, configMap('web-3'), { headers }), story.ask('POST', `${ns}/secrets`, { ...configMap('web-1'), kind: 'Secret' }, { headers }),
  ].map(({ status }) => status);
  expect(codes).toEqual([503, 201, 201, 404, 201, 201]);
});

test('nth and count choose among the requests that match', () => {
  const codes = (rule: Partial<Fault>) => {
    using story = faulty({ match: { path: '/readyz' }, effect: { error: { code: 500 } }, ...rule });
    return Array.from({ length: 5 }, () => story.ask('GET', '/readyz').status);
  };
  expect(codes({ nth: 2 })).toEqual([200, 500, 200, 200, 200]);
  expect(codes({ count: 2 })).toEqual([500, 500, 200, 200, 200]);
  expect(codes({ nth: 3, count: 2 })).toEqual([200, 200, 500, 500, 200]);
});

test('chance comes from the seed', () => {
  const codes = (seed: number) => {
    using story = new Story({ mode: 'envtest', seed });
    story.controls.faults.add({ probability: 0.5, effect: { error: { code: 500 } } });
    return Array.from({ length: 40 }, () => story.ask('GET', '/readyz').status);
  };
  expect(codes(1)).toEqual(codes(1));
  expect(codes(1)).not.toEqual(codes(2));
  expect(new Set(codes(1))).toEqual(new Set([200, 500]));
});

test('the newest rule whose turn it is hits', () => {
  using story = faulty({ name: 'old', effect: { error: { code: 500 } } }, { name: 'new', count: 1, effect: { error: { code: 409 } } });
  expect([story.ask('GET', maps).status, story.ask('GET', maps).status]).toEqual([409, 500]);
  expect(story.controls.faults.list()).toMatchObject({ items: [{ name: 'old', matched: 1, hit: 1 }, { name: 'new', matched: 2, hit: 1 }], unused: [] });
});

test('an answer may be lost after the request was carried out', () => {
  using story = faulty({ match: { verbs: ['create'] }, count: 1, effect: { error: { code: 504 }, afterwards: true } });
  expect([story.ask('POST', maps, configMap('a')).status, story.ask('POST', maps, configMap('a')).status]).toEqual([504, 409]);
});

test('a connection is lost before or after the request', () => {
  using story = faulty({ match: { name: 'before' }, effect: { reset: true } }, { match: { name: 'after', verbs: ['create'] }, effect: { reset: true, afterwards: true } });
  expect([story.send('POST', maps, configMap('before')), story.send('POST', maps, configMap('after'))]).toEqual([{ broken: true }, { broken: true }]);
  story.controls.faults.clear();
  expect(['before', 'after'].map((name) => story.ask('GET', `${maps}/${name}`).status)).toEqual([404, 200]);
});

test('a delay ends when the clock has moved, a hang never', () => {
  using story = faulty({ match: { name: 'slow' }, effect: { delay: '5s' } }, { match: { name: 'never' }, effect: { delay: 'never' } });
  const slow = story.send('GET', `${maps}/slow`);
  const never = story.send('GET', `${maps}/never`);
  story.run(4.9);
  expect(slow.answer).toBeUndefined();
  story.run(0.2);
  expect(slow.answer?.status).toBe(404);
  story.run(3600);
  expect(never.answer).toBeUndefined();
});

test('stale reads show an older state', () => {
  using story = faulty();
  story.create(maps, configMap('a', { v: '1' }));
  story.patch(`${maps}/a`, { data: { v: '2' } });
  story.create(maps, configMap('b'));
  story.controls.faults.add({ match: { verbs: ['get', 'list'], resource: 'configmaps' }, effect: { stale: 2 } });
  const list = story.get(maps);
  expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'kube-root-ca.crt']);
  expect([story.get(`${maps}/a`)['data'], story.ask('GET', `${maps}/b`).status]).toEqual([{ v: '1' }, 404]);
  story.controls.faults.clear();
  expect(story.get(`${maps}/a`)['data']).toEqual({ v: '2' });
  expect(Number(list.metadata.resourceVersion)).toBe(Number(story.get(maps).metadata.resourceVersion) - 2);
});

test('tokens and versions expire', () => {
  using story = faulty();
  for (const name of ['a', 'b', 'c']) story.create(maps, configMap(name));
  const first = story.get(`${maps}?limit=1`);
  story.controls.faults.add({ effect: { expired: true } });
  const next = story.ask('GET', `${maps}?limit=1&continue=${first.metadata.continue}`);
  expect(next).toMatchObject({ status: 410, body: { reason: 'Expired', metadata: { continue: expect.any(String) as string } } });
  const watch = story.watch(`${maps}?resourceVersion=${first.metadata.resourceVersion}`);
  expect(watch).toMatchObject({ ended: true, events: [{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }] });
  expect(story.ask('GET', maps).status).toBe(200);
});

test('compaction makes every older version too old', () => {
  using story = faulty();
  const { resourceVersion } = story.create(maps, configMap('a')).metadata;
  story.create(maps, configMap('b'));
  story.controls.faults.add({ count: 1, effect: { compact: true } });
  expect(story.watch(`${maps}?resourceVersion=${resourceVersion}`).names()).toEqual(['ERROR Expired']);
});

test('a server whose clock is off writes other times', () => {
  using story = faulty({ match: { name: 'late' }, effect: { clockSkew: '-1h' } });
  const times = ['late', 'now'].map((name) => story.create(maps, configMap(name)).metadata.creationTimestamp);
  expect(times).toEqual(['2025-12-31T23:00:00Z', '2026-01-01T00:00:00Z']);
});

test('components are hit only by rules about them', () => {
  using story = new Story();
  story.controls.faults.add({ name: 'clients', match: { resource: 'pods', subresource: 'binding' }, effect: { error: { code: 500 } } });
  story.controls.faults.add({ name: 'binding', match: { from: 'components', resource: 'pods', subresource: 'binding', userAgent: 'kube-scheduler' }, count: 1, effect: { error: { code: 500 } } });
  story.runPod('web');
  story.run(0.1);
  expect(story.pod('web').spec.nodeName).toBeUndefined();
  story.run(60);
  expect(story.pod('web').spec.nodeName).toBe('node-1');
  expect(story.controls.faults.list().items.map(({ name, hit }) => [name, hit])).toEqual([['clients', 0], ['binding', 1]]);
});

test.each<[string, unknown, string]>([
  ['no effect', {}, 'Failed to read the fault: effect: Expected required property. See docs/faults.md.'],
  ['an empty effect', { effect: {} }, 'Failed to read the fault: effect: Expected object to have at least 1 properties'],
  ['a wrong code', { effect: { error: { code: 200 } } }, 'Failed to read the fault: effect.error.code: Expected integer to be greater or equal to 400'],
  ['a wrong verb', { match: { verbs: ['post'] }, effect: { reset: true } }, "Failed to read the fault: match.verbs.0: Expected union value ('get', 'list'"],
  ['error and reset', { effect: { reset: true, error: { code: 500 } } }, 'Failed to read the fault: effect: error and reset exclude each other.'],
  ['a range that is upside down', { effect: { delay: { min: '5s', max: '1s' } } }, 'Failed to read the fault: effect.delay: max (1s) is less than min (5s).'],
  ['a time without end', { effect: { watch: { do: 'stall', for: '99999999h' } } }, 'Failed to read the fault: effect.watch.for: time: invalid duration "99999999h".'],
  ['components that watch', { match: { from: 'components' }, effect: { watch: { do: 'end' } } }, 'Failed to read the fault: effect.watch: components only know delay, error and afterwards.'],
])('%s is refused with its path', (_what, rule, message) => {
  using story = faulty();
  expect(() => story.controls.faults.add(rule as Fault)).toThrow(message);
});

test('the transcript names the fault', () => {
  using story = faulty({ name: 'storm', effect: { error: { code: 409 } } });
  story.send('PUT', `${pods}/web`, podObject('web'));
  expect(story.controls.transcript({})).toContain('PUT /api/v1/namespaces/default/pods/web 409 fault=storm');
});
