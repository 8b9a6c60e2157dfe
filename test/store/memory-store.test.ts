import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { StoreEvent } from '../../src/store/store.ts';

const ok = <T extends { ok: boolean }>(outcome: T) => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome as Extract<T, { ok: true }>;
};

test('every write takes the next revision', () => {
  const store = new MemoryStore<string>(10);
  expect(ok(store.create('/a/x', '1')).stored.revision).toBe(11);
  expect(ok(store.update('/a/x', '2')).stored).toMatchObject({ revision: 12, createRevision: 11, value: '2' });
  expect(ok(store.remove('/a/x', 'last')).stored.revision).toBe(13);
  expect(store.revision).toBe(13);
});

test('outcomes are values: exists, missing, conflict', () => {
  const store = new MemoryStore<string>();
  store.create('/a/x', '1');
  expect(store.create('/a/x', '2')).toMatchObject({ ok: false, reason: 'exists' });
  expect(store.update('/a/y', '2')).toEqual({ ok: false, reason: 'missing' });
  expect(store.update('/a/x', '2', 7)).toMatchObject({ ok: false, reason: 'conflict', current: { value: '1' } });
  expect(store.remove('/a/x', '2', 7)).toMatchObject({ ok: false, reason: 'conflict' });
  expect(store.revision).toBe(1);
});

test('a list shows any kept revision, page by page', () => {
  const store = new MemoryStore<string>();
  for (const name of ['c', 'a', 'b']) store.create(`/t/ns/${name}`, name);
  store.remove('/t/ns/a', 'a');
  const first = ok(store.list('/t/ns/', { revision: 3, limit: 2 }));
  expect(first.items.map(({ value }) => value)).toEqual(['a', 'b']);
  expect(first.remaining).toBe(1);
  const second = ok(store.list('/t/ns/', { revision: 3, limit: 2, after: first.items[1]!.key }));
  expect(second.items.map(({ value }) => value)).toEqual(['c']);
  expect(ok(store.list('/t/ns/')).items.map(({ value }) => value)).toEqual(['b', 'c']);
  expect(store.list('/t/ns/', { revision: 9 })).toMatchObject({ ok: false, reason: 'future' });
});

test('compaction forgets old versions and keeps current ones', () => {
  const store = new MemoryStore<string>();
  store.create('/t/a', '1');
  store.update('/t/a', '2');
  store.create('/t/b', '1');
  store.remove('/t/b', '1');
  store.compact(4);
  expect(store.list('/t/', { revision: 3 })).toMatchObject({ ok: false, reason: 'compacted', oldest: 4 });
  expect(store.watch('/t/', 3, () => undefined)).toEqual({ ok: false, reason: 'compacted', oldest: 4 });
  expect(ok(store.list('/t/')).items.map(({ value }) => value)).toEqual(['2']);
  expect(ok(store.create('/t/b', 'again')).stored.revision).toBe(5);
});

test('watchers see a write made in answer to another in the same order', () => {
  const store = new MemoryStore<string>();
  const seen: string[][] = [[], []];
  store.watch('/t/', 0, (event) => {
    seen[0]!.push(event.stored.value);
    if (event.stored.value === '1') store.update('/t/a', '2');
  });
  store.watch('/t/', 0, (event) => seen[1]!.push(event.stored.value));
  store.create('/t/a', '1');
  expect(seen).toEqual([['1', '2'], ['1', '2']]);
});

test('a stopped watcher hears nothing; a watcher of / hears every table', () => {
  const store = new MemoryStore<string>();
  const all: string[] = [];
  const some: string[] = [];
  store.watch('/', 0, (event) => all.push(event.stored.key));
  const watched = ok(store.watch('/a/', 0, (event) => some.push(event.stored.key)));
  store.create('/a/x', '');
  watched.watch.stop();
  store.create('/a/y', '');
  store.create('/b/x', '');
  expect({ all, some }).toEqual({ all: ['/a/x', '/a/y', '/b/x'], some: ['/a/x'] });
});

type Command = { readonly verb: 'create' | 'update' | 'remove'; readonly key: string };
const command: fc.Arbitrary<Command> = fc.record({
  verb: fc.constantFrom('create', 'update', 'remove'), key: fc.constantFrom('/t/a/1', '/t/a/2', '/t/b/1', '/u/1'),
});

test('agrees with a naive model; replaying a watch equals a list', () => {
  fc.assert(fc.property(fc.array(command, { maxLength: 60 }), fc.nat(60), (commands, compactAt) => {
    const store = new MemoryStore<number>();
    const model = new Map<string, number>();
    const states = [new Map(model)];
    for (const [i, { verb, key }] of commands.entries()) {
      const expected = verb === 'create' ? !model.has(key) : model.has(key);
      const outcome = verb === 'create' ? store.create(key, i) : verb === 'update' ? store.update(key, i) : store.remove(key, i);
      expect(outcome.ok).toBe(expected);
      if (!expected) continue;
      if (verb === 'remove') model.delete(key);
      else model.set(key, i);
      states.push(new Map(model));
    }
    store.compact(Math.min(compactAt, store.revision));
    for (let revision = store.oldest; revision <= store.revision; revision++) checkRevision(store, states, revision);
  }), { numRuns: 200 });
});

function checkRevision(store: MemoryStore<number>, states: ReadonlyMap<string, number>[], revision: number): void {
  const below = (state: ReadonlyMap<string, number>) => [...state].filter(([key]) => key.startsWith('/t/')).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const listed = ok(store.list('/t/', { revision })).items.map(({ key, value }) => [key, value]);
  expect(listed).toEqual(below(states[revision]!));
  const replayed = new Map(listed as [string, number][]);
  store.watch('/t/', revision, ({ type, stored }: StoreEvent<number>) => {
    if (type === 'delete') replayed.delete(stored.key);
    else replayed.set(stored.key, stored.value);
  });
  expect(below(replayed)).toEqual(below(states.at(-1)!));
}

test('a renewal is a write like any other, but its value is made at the first reading', () => {
  const store = new MemoryStore<string>();
  store.create('/a/x', 'base');
  const made: number[] = [];
  const renewal = (value: string, revision: number) => {
    made.push(revision);
    return `${value} ${revision}`;
  };
  const events: StoreEvent<string>[] = [];
  store.watch('/a/', store.revision, (event) => events.push(event));
  for (let i = 0; i < 3; i++) store.renew('/a/x', renewal);
  expect(made).toEqual([]);
  expect(events.map(({ type, revision, renewed }) => ({ type, revision, renewed })))
    .toEqual([2, 3, 4].map((revision) => ({ type: 'update', revision, renewed: true })));
  expect([store.get('/a/x')?.value, store.get('/a/x')?.value, events[1]?.stored.value]).toEqual(['base 4', 'base 4', 'base 3']);
  expect(ok(store.list('/a/', { revision: 2 })).items[0]?.value).toBe('base 2');
  expect(made).toEqual([4, 3, 2]);
  expect(store.renew('/a/y', renewal)).toEqual({ ok: false, reason: 'missing' });
});
