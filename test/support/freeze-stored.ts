/** Stored objects are never changed: in every test the store freezes them, so that whoever tries is thrown at. */
import { deepFreeze } from '../../src/lib/json.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';

type Mutable = { create: MemoryStore<unknown>['create']; update: MemoryStore<unknown>['update'] };
const prototype = MemoryStore.prototype as Mutable;
const { create, update } = prototype;

prototype.create = function frozen(this: MemoryStore<unknown>, key, value) {
  return create.call(this, key, deepFreeze(value));
};
prototype.update = function frozen(this: MemoryStore<unknown>, key, value, ifRevision) {
  return update.call(this, key, deepFreeze(value), ifRevision);
};
