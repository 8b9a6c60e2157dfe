/** Stored objects are never changed: in every test the store freezes them, so that whoever tries is thrown at. */
import { deepFreeze } from '../../src/lib/json.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';

const prototype = MemoryStore.prototype as Pick<MemoryStore<unknown>, 'create' | 'update'>;
const { create, update } = prototype;

// Test files of one worker share the class; the first one sees to it.
if (create.name !== 'freezing') {
  prototype.create = function freezing(this: MemoryStore<unknown>, key, value) {
    return create.call(this, key, deepFreeze(value));
  };
  prototype.update = function freezing(this: MemoryStore<unknown>, key, value, ifRevision) {
    return update.call(this, key, deepFreeze(value), ifRevision);
  };
}
