/**
 * The API port of controllers that live in the same process. Reads go straight to the store, so they never lag behind;
 * writes skip HTTP and encodings but run the very verbs that requests run. Indexes are kept by store watches, so a
 * look-up costs as much as its answer.
 */
import { assert } from '../lib/assert.ts';
import { copy } from '../lib/json.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { StoreEvent, Watch } from '../store/store.ts';
import { ApiError, type Status } from './errors.ts';
import { normalize } from './codec/codec.ts';
import { complete } from './decoded-body.ts';
import { indexValues, StoreIndex } from './store-index.ts';
import type { ApiPort, ApiPorts, IndexName, Lister, ObjectChange, Outcome, ResourceName, Write } from './port.ts';
import { listPrefix, storageKey, type ResourceDef } from './registry.ts';
import type { Services, User } from './services.ts';
import { submitWrite } from './submit-write.ts';
import { renew } from './verbs/renew.ts';
import { unshared } from './verbs/unshared.ts';
import type { WriteContext } from './verbs/write-context.ts';

export class InProcessPorts implements ApiPorts {
  readonly #services: Services;
  readonly #indexes = new Map<string, StoreIndex>();
  readonly #listers = new Map<ResourceDef, Lister>();
  readonly #watches = new Set<Watch>();

  constructor(services: Services) {
    this.#services = services;
  }

  as(fieldManager: string): ApiPort {
    return {
      lister: <T extends KubeObject>(resource: ResourceName) => this.#lister(resource) as Lister<T>,
      onChange: (resource, handler) => this.#onChange(resource, handler),
      submit: (write, done) => this.#submit(write, fieldManager, done),
    };
  }

  close(): void {
    for (const watch of this.#watches) watch.stop();
    this.#watches.clear();
    for (const index of this.#indexes.values()) index.close();
    this.#indexes.clear();
  }

  #def(resource: ResourceName): ResourceDef {
    const def = this.#services.registry.byName(resource);
    if (!def) throw new Error(`Failed to use the API port: no resource '${resource}' is served.`);
    return def;
  }

  #lister(resource: ResourceName): Lister {
    const def = this.#def(resource);
    let lister = this.#listers.get(def);
    if (!lister) this.#listers.set(def, lister = this.#newLister(def));
    return lister;
  }

  #newLister(def: ResourceDef): Lister {
    const { store } = this.#services;
    return {
      get: (namespace, name) => store.get(storageKey(def, namespace, name))?.value,
      list: (namespace = '') => {
        const page = store.list(listPrefix(def, namespace));
        return page.ok ? page.items.map(({ value }) => value) : [];
      },
      byIndex: (index, value) => this.#index(def, index).get(value),
      count: () => store.count(def.prefix),
    };
  }

  #index(def: ResourceDef, name: IndexName): StoreIndex {
    const key = `${def.name}/${name}`;
    let index = this.#indexes.get(key);
    if (!index) this.#indexes.set(key, index = new StoreIndex(this.#services.store, def.prefix, indexValues[name]));
    return index;
  }

  #onChange(resource: ResourceName, handler: (change: ObjectChange) => void): () => void {
    const { store } = this.#services;
    const { prefix } = this.#def(resource);
    const from = store.revision;
    const page = store.count(prefix) > 0 ? store.list(prefix) : undefined;
    for (const { key, value } of page?.ok ? page.items : []) {
      handler({ key: key.slice(prefix.length), object: value, previous: undefined, renewed: false });
    }
    const outcome = store.watch(prefix, from, (event) => handler(new StoreChange(event, prefix)));
    assert(outcome.ok, 'a watch from the newest revision on is never too old');
    const { watch } = outcome;
    this.#watches.add(watch);
    return () => {
      watch.stop();
      this.#watches.delete(watch);
    };
  }

  #submit(write: Write, manager: string, done?: (outcome: Outcome) => void): void {
    const outcome = this.#outcome(write, manager);
    done?.(outcome);
  }

  #outcome(write: Write, manager: string): Outcome {
    try {
      return { ok: true, object: this.#run(write, manager) };
    } catch (error) {
      if (error instanceof ApiError) return { ok: false, status: error.status };
      throw error;
    }
  }

  /** What an update changes; undefined when it is kept in another form than controllers see. */
  #stored({ def, namespace, name }: WriteContext): KubeObject | undefined {
    return def.type && !def.conversion ? this.#services.store.get(storageKey(def, namespace, name))?.value : undefined;
  }

  #run(write: Write, manager: string): KubeObject | Status {
    const resource = write.verb === 'bind' || write.verb === 'evict' ? 'pods' : write.resource;
    const def = this.#def(resource);
    if (write.verb === 'renew') return renew(this.#services, def, write.namespace ?? '', write.name, write.change);
    const user: User = { name: `system:${manager}`, groups: ['system:masters', 'system:authenticated'] };
    const context: WriteContext = {
      def, subresource: 'subresource' in write ? write.subresource ?? '' : '', dryRun: false, manager, user, warn: () => undefined,
      namespace: namespaceOf(write), name: nameOf(write),
    };
    return submitWrite(this.#services, context, write, (object) => decoded(def, object, write.verb === 'update' ? this.#stored(context) : undefined));
  }
}

/** A store event as a controller sees it; a renewed object is made only for those who read it. */
class StoreChange implements ObjectChange {
  readonly #event: StoreEvent<KubeObject>;
  readonly #prefix: string;

  constructor(event: StoreEvent<KubeObject>, prefix: string) {
    this.#event = event;
    this.#prefix = prefix;
  }

  get key(): string {
    return this.#event.stored.key.slice(this.#prefix.length);
  }

  get object(): KubeObject | undefined {
    return this.#event.type === 'delete' ? undefined : this.#event.stored.value;
  }

  get previous(): KubeObject | undefined {
    return this.#event.previous?.value;
  }

  get renewed(): boolean {
    return this.#event.renewed;
  }
}

/**
 * A controller's object as if it had come in a body: a copy in canonical form, with defaults. What it shares with the
 * stored one it goes on to share: most updates are of a status.
 */
function decoded(def: ResourceDef, object: KubeObject, stored: KubeObject | undefined): KubeObject {
  const named = { ...object, kind: def.kind, apiVersion: def.apiVersion };
  const { value, shared } = stored ? unshared(named, stored) : { value: copy(named), shared: undefined };
  const fresh = normalize(def.type, value as KubeObject, shared);
  complete(def, fresh, stored);
  return fresh;
}

function namespaceOf(write: Write): string {
  if (write.verb === 'create') return write.namespace ?? write.object.metadata.namespace ?? '';
  return ('object' in write ? write.object.metadata.namespace : write.namespace) ?? '';
}

function nameOf(write: Write): string {
  if (write.verb === 'create' || write.verb === 'record') return '';
  return 'object' in write ? write.object.metadata.name ?? '' : write.name;
}
