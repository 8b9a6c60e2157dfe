/** Stories of operators whose watches fail them. */
import { expect, test } from 'vitest';
import { Informer, updateWithRetry } from './clients.ts';
import { ns, Story } from './story.ts';

const maps = `${ns}/configmaps`;
const create = (story: Story, name: string) => story.ask('POST', maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const change = (story: Story, name: string, v: string) => story.patch(`${maps}/${name}`, { data: { v } });

function informed(): { story: Story; informer: Informer; [Symbol.dispose](): void } {
  const story = new Story({ mode: 'envtest' });
  const informer = new Informer(story, maps);
  informer.sync();
  return { story, informer, [Symbol.dispose]: () => story[Symbol.dispose]() };
}

test('a watch is lost while things happen, and nothing is missed', () => {
  using world = informed();
  create(world.story, 'a');
  world.story.controls.faults.breakWatches({ resource: 'configmaps' });
  change(world.story, 'a', '1');
  create(world.story, 'b');
  world.informer.sync();
  expect(world.informer.seen).toEqual(['ADDED a', 'MODIFIED a', 'ADDED b']);
  expect(world.informer.lists).toBe(1);
});

test('a watch comes back too late and the operator lists again', () => {
  using world = informed();
  create(world.story, 'a');
  world.informer.sync();
  world.story.controls.faults.breakWatches({ resource: 'configmaps' });
  world.story.ask('DELETE', `${maps}/a`);
  world.story.controls.faults.add({ name: 'gone', match: { verbs: ['watch'], resource: 'configmaps' }, count: 1, effect: { expired: true } });
  world.informer.sync();
  expect([world.informer.lists, world.informer.cache.has('a')]).toEqual([2, false]);
  expect(world.story.controls.faults.assertAllUsed()).toBe(null);
});

test('the history is compacted while an operator is away', () => {
  using world = informed();
  world.story.controls.faults.breakWatches({});
  create(world.story, 'a');
  world.story.controls.faults.add({ match: { verbs: ['watch'] }, count: 1, effect: { compact: true } });
  world.informer.sync();
  expect([world.informer.lists, world.informer.cache.has('a')]).toEqual([2, true]);
});

test('an operator with a stalled watch writes from an old cache and is refused', () => {
  using world = informed();
  create(world.story, 'a');
  world.informer.sync();
  world.story.controls.faults.add({ match: { verbs: ['watch'] }, effect: { watch: { do: 'stall', for: '1m' } } });
  change(world.story, 'a', 'theirs');
  world.informer.sync();
  const cached = world.informer.cache.get('a')!;
  expect(cached['data']).toBeUndefined();
  expect(world.story.ask('PUT', `${maps}/a`, { ...cached, data: { v: 'mine' } })).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
  world.story.run(61);
  world.informer.sync();
  expect(world.informer.cache.get('a')).toMatchObject({ data: { v: 'theirs' } });
});

test('events that come twice are work done once', () => {
  using world = informed();
  world.story.controls.faults.add({ match: { verbs: ['watch'] }, effect: { watch: { do: 'duplicate' } } });
  create(world.story, 'a');
  change(world.story, 'a', '1');
  world.informer.sync();
  expect(world.informer.seen).toEqual(['ADDED a', 'MODIFIED a']);
});

test('an operator that skips states still comes to the right end', () => {
  using world = informed();
  create(world.story, 'a');
  world.informer.sync();
  world.story.controls.faults.add({ match: { verbs: ['watch'] }, effect: { watch: { do: 'drop', for: '5s' } } });
  for (const v of ['1', '2', '3']) change(world.story, 'a', v);
  world.story.run(6);
  world.informer.sync();
  expect(world.informer.seen).toEqual(['ADDED a', 'MODIFIED a']);
  expect(world.informer.cache.get('a')).toMatchObject({ data: { v: '3' } });
});

test('a child is seen before its parent', () => {
  using world = informed();
  world.story.controls.faults.add({ match: { verbs: ['watch'] }, effect: { watch: { do: 'reorder' } } });
  create(world.story, 'parent');
  create(world.story, 'child');
  world.informer.sync();
  expect(world.informer.seen).toEqual(['ADDED child', 'ADDED parent']);
});

test('a server that ends every watch after two events is followed to the end', () => {
  using world = informed();
  world.story.controls.faults.add({ match: { verbs: ['watch'] }, effect: { watch: { do: 'end', afterEvents: 2 } } });
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    create(world.story, name);
    world.informer.sync();
  }
  expect(world.informer.seen).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'ADDED d', 'ADDED e']);
  expect(world.informer.lists).toBe(1);
});

test('a page token expires in the middle of a list', () => {
  using world = informed();
  for (const name of ['a', 'b', 'c']) create(world.story, name);
  const first = world.story.get(`${maps}?limit=2`);
  world.story.controls.faults.add({ match: { verbs: ['list'] }, count: 1, effect: { expired: true } });
  const second = world.story.ask('GET', `${maps}?limit=2&continue=${first.metadata.continue}`);
  expect(second).toMatchObject({ status: 410, body: { reason: 'Expired' } });
  const rest = world.story.get(`${maps}?limit=2&continue=${second.body.metadata.continue}`);
  expect([...first.items, ...rest.items].map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'kube-root-ca.crt']);
});

test('a list from a lagging server makes an operator create what is there', () => {
  using world = informed();
  create(world.story, 'a');
  world.story.controls.faults.add({ match: { verbs: ['list'] }, count: 1, effect: { stale: 1 } });
  const missing = !world.story.get(maps).items.some(({ metadata }) => metadata.name === 'a');
  expect([missing, create(world.story, 'a').status]).toEqual([true, 409]);
  expect(updateWithRetry(world.story, `${maps}/a`, (object) => { object['data'] = { v: 'adopted' }; }).status).toBe(200);
});
