/**
 * Puts what users bring into a cluster that has just come up: manifests, and dumps of another cluster (`kubectl get -o
 * yaml`), whose objects carry what only an API server may set. An object of a dump is made anew: new uid, no status, and
 * whoever named the old uid names the new one. What objects of a dump need and the dump leaves out (namespaces, service
 * accounts, nodes) is added; a plain manifest that needs something missing is refused, as kubectl's would be.
 */
import type { KubeApi } from '../api/kube-api.ts';
import { isObject } from '../lib/json.ts';
import { OptionError } from '../options.ts';
import type { Node, Pod } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { definitionOf, submit } from './direct-writes.ts';
import { EmulatorError } from './emulator-error.ts';
import type { Nodes } from './nodes.ts';

/** A manifest that cannot be loaded. */
export class ManifestError extends OptionError {
  /** Of the manifest, from 0. */
  readonly index: number;
  /** `, item 3` in a list; empty else. */
  readonly item: string;
  readonly why: string;

  constructor({ index, item }: Place, why: string) {
    super(`Failed to load manifest ${index + 1}${item}: ${why}`);
    this.index = index;
    this.item = item;
    this.why = why;
  }
}

interface Place {
  readonly index: number;
  readonly item: string;
}

interface Entry {
  readonly place: Place;
  readonly object: KubeObject;
}

export interface Receiver {
  readonly api: KubeApi;
  readonly nodes: Nodes;
  /** Whether Nodes join as machines, or are objects and nothing else. */
  readonly hasMachines: boolean;
  /** Lets controllers answer: a namespace gets its service account, a definition its resource. */
  settle(): void;
}

/** What others stand on is there first, whatever the order of the files. */
const foundations = ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'RuntimeClass', 'Node'];
/** Come when the namespaces have been given theirs, which a dump brings too. */
const account = 'ServiceAccount';

/** Throws ManifestError. */
export function loadManifests(receiver: Receiver, manifests: readonly unknown[]): void {
  if (manifests.length === 0) return;
  const entries = manifests.flatMap((manifest, index) => objectsOf(manifest, { index, item: '' }));
  const load = new Load(receiver, entries);
  const ofKind = (kind: string) => entries.filter(({ object }) => object.kind === kind);
  load.create(foundations.flatMap(ofKind));
  load.addMissing(entries.filter(isFromCluster));
  receiver.settle();
  load.create(ofKind(account));
  load.addMissingAccounts(entries.filter(isFromCluster));
  load.create(entries.filter(({ object: { kind = '' } }) => kind !== account && !foundations.includes(kind)));
}

function objectsOf(manifest: unknown, place: Place): Entry[] {
  if (!isObject(manifest)) throw new ManifestError(place, 'it is no object. Write apiVersion, kind and metadata.');
  const { kind, items } = manifest;
  if (Array.isArray(items) && typeof kind === 'string' && kind.endsWith('List')) {
    return items.flatMap((item, i) => objectsOf(isObject(item) ? { ...kindOfItems(manifest), ...item } : item, { ...place, item: `${place.item}, item ${i + 1}` }));
  }
  const wrong = ['apiVersion', 'kind'].find((member) => typeof manifest[member] !== 'string');
  if (wrong !== undefined) throw new ManifestError(place, `it has no ${wrong}. Write apiVersion, kind and metadata.`);
  if (!isObject(manifest['metadata'])) throw new ManifestError(place, `the ${kind as string} has no metadata. Write one, with a name.`);
  return [{ place, object: manifest as unknown as KubeObject }];
}

/** The items of a PodList do not say that they are Pods. */
function kindOfItems({ apiVersion, kind }: Record<string, unknown>): Record<string, unknown> {
  return kind === 'List' ? {} : { apiVersion, kind: (kind as string).slice(0, -'List'.length) };
}

const isFromCluster = ({ object }: Entry) => object.metadata.uid !== undefined;

class Load {
  readonly #receiver: Receiver;
  readonly #byUid: ReadonlyMap<string, Entry>;
  /** uid in the dump → uid here. */
  readonly #uids = new Map<string, string>();
  readonly #begun = new Set<Entry>();
  /** `kind namespace/name` of what this load has made. */
  readonly #made = new Set<string>();

  constructor(receiver: Receiver, entries: readonly Entry[]) {
    this.#receiver = receiver;
    this.#byUid = new Map(entries.filter(isFromCluster).map((entry) => [entry.object.metadata.uid!, entry]));
  }

  create(entries: readonly Entry[]): void {
    for (const entry of entries) this.#createWithOwners(entry);
  }

  /** Owners come first, so that their new uids are known. */
  #createWithOwners(entry: Entry): void {
    if (this.#begun.has(entry)) return;
    this.#begun.add(entry);
    for (const { uid } of entry.object.metadata.ownerReferences ?? []) {
      const owner = this.#byUid.get(uid);
      if (owner) this.#createWithOwners(owner);
    }
    const { uid } = entry.object.metadata;
    const made = entry.object.kind === 'Node' && this.#receiver.hasMachines ? this.#join(entry) : this.#create(entry);
    if (uid !== undefined) this.#uids.set(uid, made.metadata.uid!);
  }

  #create({ place, object }: Entry): KubeObject {
    const { api } = this.#receiver;
    const def = this.#definition({ place, object });
    const namespace = def.namespaced ? object.metadata.namespace ?? 'default' : '';
    const id = `${object.kind} ${namespace === '' ? '' : `${namespace}/`}${object.metadata.name ?? object.metadata.generateName ?? ''}`;
    const present = api.ports.as('fakelet').lister(def.name).get(namespace, object.metadata.name ?? '');
    const isMade = this.#made.has(id);
    this.#made.add(id);
    // What the cluster has put there itself is its own; it takes the labels and annotations.
    if (present && !isMade) return this.#label({ place, object }, def.name, present);
    const made = submit(this.#receiver.api, { verb: 'create', resource: def.name, object: this.#anew(object), ...(namespace === '' ? {} : { namespace }) });
    if (!made.ok) throw new ManifestError(place, `${id}: ${made.status.message}. ${advice(made.status.reason)}`);
    return made.object as KubeObject;
  }

  #definition({ place, object: { apiVersion = '', kind = '' } }: Entry) {
    const def = definitionOf(this.#receiver.api, apiVersion, kind);
    if (!def) throw new ManifestError(place, `no resource has the kind '${kind}' in '${apiVersion}'. Correct its apiVersion and kind, or load its CustomResourceDefinition too.`);
    return def;
  }

  /** A Node is a machine; the machine says what it has, the manifest what it is called and who may use it. */
  #join({ place, object }: Entry): KubeObject {
    const { nodes, api } = this.#receiver;
    const { metadata: { name = '' }, spec, status } = object as KubeObject & Node;
    const { cpu, memory } = status?.capacity ?? {};
    try {
      if (!nodes.has(name)) nodes.add({ name, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) });
    } catch (error) {
      if (error instanceof EmulatorError) throw new ManifestError(place, error.message);
      throw error;
    }
    const present = api.ports.as('fakelet').lister('nodes').get('', name)!;
    const given = { ...(spec?.taints ? { taints: spec.taints } : {}), ...(spec?.unschedulable ? { unschedulable: true } : {}) };
    return this.#label({ place, object }, 'nodes', present, given);
  }

  #label({ place, object }: Entry, resource: string, present: KubeObject, spec?: Record<string, unknown>): KubeObject {
    const { namespace = '', name = '' } = present.metadata;
    const { labels, annotations } = object.metadata;
    const patch = { metadata: { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }, ...(spec ? { spec } : {}) };
    const outcome = submit(this.#receiver.api, { verb: 'patch', resource, namespace, name, patchType: 'merge', patch });
    if (!outcome.ok) throw new ManifestError(place, `${object.kind} ${name}: ${outcome.status.message}. ${advice(outcome.status.reason)}`);
    return outcome.object as KubeObject;
  }

  /** The object as a client would send it, with the uids of this cluster. */
  #anew(object: KubeObject): KubeObject {
    const { resourceVersion: _v, uid, managedFields: _m, creationTimestamp: _c, generation: _g, deletionTimestamp: _d, deletionGracePeriodSeconds: _p, selfLink: _s, ...metadata } = object.metadata;
    if (uid === undefined) return { ...object, metadata };
    const { status: _, ...rest } = object;
    return this.#renamed({ ...rest, metadata }) as KubeObject;
  }

  #renamed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#renamed(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) =>
      [key, key === 'uid' && typeof member === 'string' ? this.#uids.get(member) ?? member : this.#renamed(member)]));
  }

  /** Namespaces and nodes that objects of a dump name. */
  addMissing(entries: readonly Entry[]): void {
    const { hasMachines, nodes } = this.#receiver;
    for (const { object: { kind, metadata: { namespace }, ...rest } } of entries) {
      if (namespace !== undefined) this.#add('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      const { nodeName = '' } = kind === 'Pod' ? (rest as unknown as Pod).spec : {};
      if (hasMachines && nodeName !== '' && !nodes.has(nodeName)) nodes.add({ name: nodeName });
    }
  }

  addMissingAccounts(entries: readonly Entry[]): void {
    for (const { object: { kind, metadata: { namespace }, ...rest } } of entries) {
      const { serviceAccountName = '' } = kind === 'Pod' ? (rest as unknown as Pod).spec : {};
      if (serviceAccountName !== '') this.#add('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccountName, ...(namespace === undefined ? {} : { namespace }) } });
    }
  }

  #add(resource: string, object: KubeObject): void {
    const { namespace = '', name = '' } = object.metadata;
    if (this.#receiver.api.ports.as('fakelet').lister(resource).get(namespace, name)) return;
    submit(this.#receiver.api, { verb: 'create', resource, object, ...(namespace === '' ? {} : { namespace }) });
  }
}

function advice(reason: string | undefined): string {
  if (reason === 'AlreadyExists') return 'Remove one of the two.';
  if (reason === 'NotFound') return 'Load what it needs too.';
  return 'Correct it.';
}
