/** What faults make of watches. */
import { expect, test } from 'vitest';
import type { WatchFault } from '../../src/schema/fakelet/v1.ts';
import { ns, Story } from '../stories/story.ts';

const maps = `${ns}/configmaps`;
const create = (story: Story, name: string) => story.create(maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const change = (story: Story, name: string, v: string) => story.patch(`${maps}/${name}`, { data: { v } });

/** A watch from now on, which the fault disturbs. */
function watched(fault: WatchFault) {
  const story = new Story({ mode: 'envtest' });
  create(story, 'a');
  create(story, 'b');
  story.controls.faults.add({ match: { verbs: ['watch'], resource: 'configmaps' }, effect: { watch: fault } });
  const { resourceVersion } = story.get(maps).metadata;
  return { story, watch: story.watch(`${maps}?resourceVersion=${resourceVersion}`), [Symbol.dispose]: () => story[Symbol.dispose]() };
}

const seen = (watch: { events: { type: string; object: Record<string, unknown> }[] }) =>
  watch.events.map(({ type, object }) => `${type} ${(object['metadata'] as { name: string }).name} ${(object['data'] as { v?: string } | undefined)?.v ?? '-'}`);

test('a watch is ended or broken, at once or after some events', () => {
  using ended = watched({ do: 'end', afterEvents: 1 });
  change(ended.story, 'a', '1');
  change(ended.story, 'a', '2');
  expect([seen(ended.watch), ended.watch.ended, ended.watch.broken]).toEqual([['MODIFIED a 1'], true, false]);
  using broken = watched({ do: 'break', after: '10s' });
  change(broken.story, 'a', '1');
  broken.story.run(11);
  change(broken.story, 'a', '2');
  expect([seen(broken.watch), broken.watch.ended, broken.watch.broken]).toEqual([['MODIFIED a 1'], false, true]);
  using now = watched({ do: 'break' });
  expect(now.watch.broken).toBe(true);
});

test('events come late, in order', () => {
  using stalled = watched({ do: 'stall', for: '30s' });
  change(stalled.story, 'a', '1');
  stalled.story.run(20);
  change(stalled.story, 'b', '1');
  change(stalled.story, 'a', '2');
  expect(seen(stalled.watch)).toEqual([]);
  stalled.story.run(11);
  expect(seen(stalled.watch)).toEqual(['MODIFIED a 1', 'MODIFIED b 1', 'MODIFIED a 2']);
});

test('a change is left out when a newer one follows', () => {
  using dropped = watched({ do: 'drop', for: '5s' });
  change(dropped.story, 'a', '1');
  change(dropped.story, 'b', '1');
  change(dropped.story, 'a', '2');
  create(dropped.story, 'c');
  change(dropped.story, 'c', '1');
  dropped.story.ask('DELETE', `${maps}/b`);
  dropped.story.run(6);
  expect(seen(dropped.watch)).toEqual(['MODIFIED b 1', 'MODIFIED a 2', 'ADDED c -', 'MODIFIED c 1', 'DELETED b 1']);
});

test('every event comes twice', () => {
  using doubled = watched({ do: 'duplicate' });
  change(doubled.story, 'a', '1');
  expect(seen(doubled.watch)).toEqual(['MODIFIED a 1', 'MODIFIED a 1']);
});

test('events of different objects change places, those of one keep theirs', () => {
  using mixed = watched({ do: 'reorder' });
  change(mixed.story, 'a', '1');
  change(mixed.story, 'b', '1');
  change(mixed.story, 'a', '2');
  change(mixed.story, 'a', '3');
  change(mixed.story, 'b', '2');
  mixed.story.run(2);
  expect(seen(mixed.watch)).toEqual(['MODIFIED b 1', 'MODIFIED a 1', 'MODIFIED a 2', 'MODIFIED a 3', 'MODIFIED b 2']);
});

test('open watches are hit when the rule comes, and broken by hand', () => {
  using story = new Story({ mode: 'envtest' });
  const all = [story.watch(maps), story.watch(`${ns}/secrets`), story.watch(maps)];
  story.controls.faults.add({ match: { resource: 'configmaps' }, count: 1, effect: { watch: { do: 'end' } } });
  story.run(1);
  expect(all.map(({ ended }) => ended)).toEqual([true, false, false]);
  expect(story.controls.faults.breakWatches({})).toEqual({ watches: 2 });
  expect(all.map(({ broken }) => broken)).toEqual([false, true, true]);
  expect(story.controls.faults.breakWatches({})).toEqual({ watches: 0 });
});

test('a client that goes away leaves no timer behind', () => {
  using story = new Story({ mode: 'envtest' });
  story.controls.faults.add({ effect: { watch: { do: 'break', after: '1h' } } });
  const before = story.controls.clock().pendingTimers;
  const response = story.cluster.handle({ method: 'GET', path: maps, query: 'watch=true', headers: {}, body: new Uint8Array(0) });
  const stop = 'stream' in response ? response.stream.start({ write: () => {}, end: () => {}, bufferedBytes: () => 0 }) : () => {};
  stop();
  expect(story.controls.clock().pendingTimers).toBe(before);
});
