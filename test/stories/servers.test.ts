/** Stories of operators whose API server has a bad day. */
import { expect, test } from 'vitest';
import { Candidate, patiently, updateWithRetry } from './clients.ts';
import { ns, pods, Story } from './story.ts';

const maps = `${ns}/configmaps`;
const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { v: '0' } });
const bump = (object: Record<string, unknown>) => { object['data'] = { v: String(Number((object['data'] as { v: string }).v) + 1) }; };

test('a storm of conflicts passes', () => {
  using story = new Story({ mode: 'envtest' });
  story.create(maps, map('a'));
  story.controls.faults.add({ match: { verbs: ['update'], name: 'a' }, count: 3, effect: { error: { code: 409 } } });
  expect(updateWithRetry(story, `${maps}/a`, bump)).toMatchObject({ status: 200, tries: 4, body: { data: { v: '1' } } });
});

test('a storm of conflicts lasts longer than the operator', () => {
  using story = new Story({ mode: 'envtest' });
  story.create(maps, map('a'));
  story.controls.faults.add({ match: { verbs: ['update'], name: 'a' }, effect: { error: { code: 409 } } });
  expect(updateWithRetry(story, `${maps}/a`, bump)).toMatchObject({ status: 409, tries: 5, body: { reason: 'Conflict' } });
  expect(story.get(`${maps}/a`)['data']).toEqual({ v: '0' });
});

test('a server that is overloaded says when to come back', () => {
  using story = new Story({ mode: 'envtest' });
  story.controls.faults.add({ match: { verbs: ['create'] }, count: 2, effect: { error: { code: 429, retryAfterSeconds: 30 } } });
  const before = story.cluster.clock.now();
  expect(patiently(story, () => story.ask('POST', maps, map('a')))).toMatchObject({ status: 201, tries: 3 });
  expect(story.cluster.clock.now() - before).toBe(60_000);
});

test('an operator waits for a server that comes up', () => {
  using story = new Story({ mode: 'envtest' });
  story.controls.faults.add({ match: { path: '/readyz' }, count: 5, effect: { error: { code: 503 } } });
  expect(patiently(story, () => story.ask('GET', '/readyz'))).toMatchObject({ status: 200, tries: 6, body: 'ok' });
});

test('the answer to a create is lost, and the second try finds the object', () => {
  using story = new Story({ mode: 'envtest' });
  story.controls.faults.add({ match: { verbs: ['create'], name: 'a' }, count: 1, effect: { error: { code: 504 }, afterwards: true } });
  const send = () => story.ask('POST', maps, map('a'));
  expect(patiently(story, send)).toMatchObject({ status: 409, tries: 2, body: { reason: 'AlreadyExists' } });
});

test('the connection is lost during a delete, and the object is gone', () => {
  using story = new Story({ mode: 'envtest' });
  story.create(maps, map('a'));
  story.controls.faults.add({ match: { verbs: ['delete'] }, count: 1, effect: { reset: true, afterwards: true } });
  expect(story.send('DELETE', `${maps}/a`)).toEqual({ broken: true });
  expect(story.ask('DELETE', `${maps}/a`)).toMatchObject({ status: 404, body: { reason: 'NotFound' } });
});

test('a request hangs and the operator asks again', () => {
  using story = new Story({ mode: 'envtest' });
  story.create(maps, map('a'));
  story.controls.faults.add({ match: { verbs: ['get'], name: 'a' }, count: 1, effect: { delay: 'never' } });
  const first = story.send('GET', `${maps}/a`);
  story.run(30);
  expect([first.answer, story.ask('GET', `${maps}/a`).status]).toEqual([undefined, 200]);
});

test('one request in five fails, and forty updates arrive all the same', () => {
  using story = new Story({ mode: 'envtest' });
  story.create(maps, map('a'));
  story.controls.faults.add({ name: 'flaky', match: { verbs: ['update'] }, probability: 0.2, effect: { error: { code: 500 } } });
  for (let i = 0; i < 40; i++) {
    const object = story.get(`${maps}/a`);
    bump(object);
    expect(patiently(story, () => story.ask('PUT', `${maps}/a`, object)).status).toBe(200);
  }
  expect(story.get(`${maps}/a`)['data']).toEqual({ v: '40' });
  expect(story.controls.faults.get('flaky').hit).toBeGreaterThan(5);
});

test('a leader that cannot renew loses its lease to another', () => {
  using story = new Story({ mode: 'envtest' });
  const [first, second] = [new Candidate(story, 'first'), new Candidate(story, 'second')];
  const turns = (count: number) => Array.from({ length: count }, () => {
    first.turn();
    second.turn();
    const leaders = [first.leads, second.leads];
    story.run(2);
    return leaders;
  });
  expect(turns(5).at(-1)).toEqual([true, false]);
  story.controls.faults.add({ match: { verbs: ['update'], resource: 'leases.coordination.k8s.io', userAgent: 'first' }, effect: { error: { code: 500 } } });
  const struggle = turns(15);
  expect(struggle.at(-1)).toEqual([false, true]);
  expect(struggle.some(([a, b]) => a && b)).toBe(false);
});

test('a leader whose renewal hangs steps down', () => {
  using story = new Story({ mode: 'envtest' });
  const leader = new Candidate(story, 'leader');
  leader.turn();
  story.controls.faults.add({ match: { verbs: ['update'], resource: 'leases.*' }, count: 1, effect: { delay: 'never' } });
  const led = Array.from({ length: 8 }, () => {
    story.run(2);
    leader.turn();
    return leader.leads;
  });
  expect(led).toEqual([true, true, true, true, true, false, false, false]);
});

test('a server whose clock is behind makes the newer object look older', () => {
  using story = new Story({ mode: 'envtest' });
  story.create(maps, map('first'));
  story.run(60);
  story.controls.faults.add({ match: { name: 'second' }, effect: { clockSkew: '-10m' } });
  story.create(maps, map('second'));
  const [first, second] = ['first', 'second'].map((name) => story.get(`${maps}/${name}`).metadata);
  expect(second!.creationTimestamp < first!.creationTimestamp).toBe(true);
  expect(Number(second!.resourceVersion) > Number(first!.resourceVersion)).toBe(true);
});

test('the scheduler cannot bind at first', () => {
  using story = new Story();
  story.controls.faults.add({ name: 'binding', match: { from: 'components', subresource: 'binding' }, count: 2, effect: { error: { code: 500 } } });
  story.runPod('web');
  story.run(1);
  expect(story.pod('web').spec.nodeName).toBeUndefined();
  story.run(120);
  expect(story.pod('web').spec.nodeName).toBe('node-1');
});

test('a kubelet cannot report for a while', () => {
  using story = new Story();
  story.controls.faults.add({ name: 'status', match: { from: 'components', resource: 'pods', subresource: 'status', userAgent: 'kubelet' }, effect: { error: { code: 503 } } });
  story.runPod('web');
  story.run(30);
  expect(story.pod('web').status.phase).toBe('Pending');
  story.controls.faults.clear();
  story.run(30);
  expect(story.pod('web').status.phase).toBe('Running');
  expect(story.get(pods).items.length).toBe(1);
});
