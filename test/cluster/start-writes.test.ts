/** A cluster that comes up as another one did is the same, to the byte, and goes on the same. */
import { expect, test } from 'vitest';
import { Prng } from '../../src/lib/prng.ts';
import { KubeApi } from '../../src/api/kube-api.ts';
import { ManualClock } from '../../src/clock/manual-clock.ts';
import { StartWrites } from '../../src/cluster/start-writes.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { difference, journalBytes, operate } from './random-operations.ts';
import { Story } from '../stories/story.ts';

/** Whatever is stored, as a client reads it. */
const everything = (story: Story) => ['namespaces', 'nodes', 'services', 'endpoints', 'events', 'configmaps', 'serviceaccounts']
  .map((resource) => JSON.stringify(story.get(`/api/v1/${resource}`)));

test.each([{ seed: 4242 }, { seed: 4243, nodes: 3 }, { seed: 4244, mode: 'envtest' }, { seed: 4245, profile: 'realistic' }])('a second start is the first, %j', (options) => {
  using first = new Story(options);
  using second = new Story(options);
  expect(everything(second)).toEqual(everything(first));
  operate(first, 5, 0, 60);
  operate(second, 5, 0, 60);
  expect(difference(journalBytes(second), journalBytes(first))).toBeUndefined();
  second.controls.reset();
  everything(second);
  operate(second, 5, 0, 60);
  expect(difference(journalBytes(second), journalBytes(first))).toBeUndefined();
});

test('another seed, another number of nodes and another start time are other starts', () => {
  using one = new Story({ seed: 4300 });
  using seed = new Story({ seed: 4301 });
  using nodes = new Story({ seed: 4300, nodes: 2 });
  using time = new Story({ seed: 4300, startTime: '2027-05-05T00:00:00Z' });
  const uid = (story: Story) => story.get('/api/v1/namespaces/default').metadata.uid;
  expect(uid(seed) === uid(one)).toBe(false);
  expect([nodes, time].map((story) => story.get('/api/v1/nodes').items.length)).toEqual([2, 1]);
  expect(time.get('/api/v1/namespaces/default').metadata.creationTimestamp).toBe('2027-05-05T00:00:00Z');
});

test('a write that is not the expected one is answered by the API, and so are all after it', () => {
  const start = (names: readonly string[]) => {
    const api = new KubeApi({ store: new MemoryStore<KubeObject>(100), clock: new ManualClock({ startMs: 0, timersPerMoveMax: 1000 }), random: new Prng(9), nodes: undefined, tokens: {} as never });
    const writes = new StartWrites({ key: 'a start that goes astray', store: api.services.store as MemoryStore<KubeObject>, random: api.services.random });
    const port = writes.ports(api.ports).as('tester');
    for (const name of names) port.submit({ verb: 'create', resource: 'namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } });
    writes.end();
    return port.lister('namespaces').list().map(({ metadata }) => `${metadata.name} ${metadata.uid}`);
  };
  const [a, b, c] = start(['a', 'b', 'c']);
  expect(start(['a', 'b', 'c'])).toEqual([a, b, c]);
  const [first, second, other] = start(['a', 'x', 'b']).toSorted();
  expect([first, second === b, other?.startsWith('x ')]).toEqual([a, false, true]);
  expect(start(['a', 'b', 'c'])).toEqual([a, b, c]);
});
