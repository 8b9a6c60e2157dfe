/**
 * The resources that a cluster serves: facts, type, strategy and place in the store, found by group, version and
 * plural name. Built-in resources come from the generated table; custom resources are added and removed at run time.
 * A registry belongs to one cluster. It knows nothing of requests.
 */
import type { ResourceFacts, SubresourceFacts } from '../schema/resource-facts.ts';
import type { KubeObject } from '../schema/objects.ts';
import { apiVersionOf } from '../schema/objects.ts';
import { kinds } from '../schema/kinds.ts';
import { groups } from '../schema/resources.ts';
import { structType, type StructType } from '../schema/struct-type.ts';
import { normalize } from './codec/codec.ts';
import type { ObjectType } from './apply/type-model.ts';
import type { GroupResource } from './errors.ts';
import type { ResourceName } from './port.ts';
import { conversionOf } from './resources/conversions.ts';
import { strategyOf } from './resources/strategies.ts';
import type { ScalePaths } from './crd/scale-paths.ts';
import type { Schema } from './crd/schema.ts';
import type { PrinterColumn } from './table/custom-resources.ts';
import { byPreference } from './crd/version-order.ts';
import type { Strategy } from './strategy.ts';

/** How objects of one version become objects of the version in the store, and back. */
export interface Conversion {
  readonly storageVersion: { readonly group: string; readonly version: string; readonly resource: string };
  toStorage(object: KubeObject): KubeObject;
  fromStorage(object: KubeObject): KubeObject;
}

export interface ResourceDef {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly facts: ResourceFacts;
  /** Undefined for custom resources. */
  readonly type: StructType | undefined;
  /** How apply sees a custom resource; built-in types speak for themselves. */
  readonly applyType?: ObjectType | undefined;
  /** Columns of a custom resource's table. */
  readonly printerColumns?: readonly PrinterColumn[];
  /** The schema of a custom resource. */
  readonly schema?: Schema;
  /** Where a custom resource has its replicas. */
  readonly scale?: ScalePaths | undefined;
  /** What to warn of on every request. */
  readonly deprecation?: string | undefined;
  /** Drops what a custom resource's schema of `version` does not know, in place; answers the paths. Throws DecodeError. */
  prune?(object: Record<string, unknown>, version: string): string[];
  readonly strategy: Strategy;
  /** `pods`, `leases.coordination.k8s.io`. */
  readonly name: ResourceName;
  /** Where objects live in the store: `/pods/`. */
  readonly prefix: string;
  /** Set when the objects are stored in another group or version. */
  readonly conversion: Conversion | undefined;
  readonly subresources: ReadonlyMap<string, SubresourceFacts>;
  /** The group and resource as errors print them. */
  readonly groupResource: GroupResource;
}

export interface GroupEntry {
  readonly group: string;
  /** Versions in order of preference. */
  versions: string[];
  preferred: string;
  priority: number;
}

interface Served {
  readonly byPath: Map<string, Map<string, ResourceDef>>;
  readonly groups: Map<string, GroupEntry>;
  /** Stored resources by group and plural name. */
  readonly byGroup: Map<string, Map<string, ResourceDef>>;
  /** API versions that share a place in the store. */
  readonly versions: Map<string, readonly string[]>;
}

export class Registry {
  /** Shared with other registries until the first change. */
  #served: Served;
  #isShared: boolean;
  /** Rises with every change; whoever caches discovery documents compares it. */
  generation = 0;

  static #builtIns: Registry | undefined;

  /** Begins with what another one serves, with the built-in resources unless told otherwise. */
  constructor(original: Registry | null = Registry.#withBuiltIns()) {
    this.#served = original ? original.#served : { byPath: new Map(), groups: new Map(), byGroup: new Map(), versions: new Map() };
    this.#isShared = original !== null;
    this.generation = original?.generation ?? 0;
  }

  /** What it serves, to be changed. */
  #own(): Served {
    if (!this.#isShared) return this.#served;
    const { byPath, groups: entries, byGroup, versions } = this.#served;
    const copies = <T>(maps: Map<string, Map<string, T>>) => new Map([...maps].map(([key, map]) => [key, new Map(map)]));
    this.#isShared = false;
    return this.#served = {
      byPath: copies(byPath), byGroup: copies(byGroup), versions: new Map(versions),
      groups: new Map([...entries].map(([group, entry]) => [group, { ...entry, versions: [...entry.versions] }])),
    };
  }

  /** Put together once. */
  static #withBuiltIns(): Registry {
    if (Registry.#builtIns) return Registry.#builtIns;
    const registry = new Registry(null);
    for (const group of groups) {
      for (const { version, resources } of group.versions) {
        registry.#entry(group.group, version, group.preferred, group.groupPriorityMinimum);
        for (const facts of resources) registry.add(builtIn(group.group, version, facts));
      }
    }
    return Registry.#builtIns = registry;
  }

  add(def: ResourceDef): void {
    const { byPath, byGroup, versions } = this.#own();
    const entry = this.#entry(def.group, def.version, def.version, 1000);
    if (!def.type) sortVersions(entry);
    const path = `${def.group}/${def.version}`;
    let resources = byPath.get(path);
    if (!resources) byPath.set(path, resources = new Map());
    resources.set(def.resource, def);
    if (def.conversion?.storageVersion.group !== def.group) {
      let group = byGroup.get(def.group);
      if (!group) byGroup.set(def.group, group = new Map());
      group.set(def.resource, def);
    }
    versions.set(def.prefix, [...versions.get(def.prefix) ?? [], def.apiVersion]);
    this.generation++;
  }

  remove(def: ResourceDef): void {
    const { byPath, byGroup, versions, groups: entries } = this.#own();
    const path = `${def.group}/${def.version}`;
    const resources = byPath.get(path);
    resources?.delete(def.resource);
    if (this.byGroup(def.group, def.resource) === def) byGroup.get(def.group)!.delete(def.resource);
    versions.set(def.prefix, versions.get(def.prefix)!.filter((version) => version !== def.apiVersion));
    if (resources?.size === 0) {
      byPath.delete(path);
      const entry = entries.get(def.group)!;
      entry.versions = entry.versions.filter((version) => version !== def.version);
      if (entry.versions.length === 0) entries.delete(def.group);
      else sortVersions(entry);
    }
    this.generation++;
  }

  /** The API versions in which the objects of a resource can be had, other groups included. */
  servedVersions(def: ResourceDef): readonly string[] {
    return this.#served.versions.get(def.prefix) ?? [];
  }

  find(group: string, version: string, resource: string): ResourceDef | undefined {
    return this.#served.byPath.get(`${group}/${version}`)?.get(resource);
  }

  /** The resource in the version in which it is stored, or the one of its group where another group stores it. */
  byName(name: ResourceName): ResourceDef | undefined {
    const dot = name.indexOf('.');
    return dot < 0 ? this.byGroup('', name) : this.byGroup(name.slice(dot + 1), name.slice(0, dot));
  }

  /** The same, for those who have its parts. */
  byGroup(group: string, resource: string): ResourceDef | undefined {
    return this.#served.byGroup.get(group)?.get(resource);
  }

  byKind(group: string, version: string, kind: string): ResourceDef | undefined {
    for (const def of this.resources(group, version)) if (def.kind === kind) return def;
    return undefined;
  }

  groups(): readonly GroupEntry[] {
    return [...this.#served.groups.values()];
  }

  group(group: string): GroupEntry | undefined {
    return this.#served.groups.get(group);
  }

  /** Is this a group of custom resources? */
  isCustom(group: string): boolean {
    const [version] = this.#served.groups.get(group)?.versions ?? [];
    return version !== undefined && this.resources(group, version).every(({ type }) => !type);
  }

  hasVersion(group: string, version: string): boolean {
    return this.#served.byPath.has(`${group}/${version}`);
  }

  resources(group: string, version: string): readonly ResourceDef[] {
    return [...(this.#served.byPath.get(`${group}/${version}`)?.values() ?? [])];
  }

  #entry(group: string, version: string, preferred: string, priority: number): GroupEntry {
    const { groups: entries } = this.#own();
    let entry = entries.get(group);
    if (!entry) entries.set(group, entry = { group, versions: [], preferred, priority });
    if (!entry.versions.includes(version)) entry.versions.push(version);
    return entry;
  }
}

/** Groups of custom resources prefer their most mature version. */
function sortVersions(entry: GroupEntry): void {
  entry.versions.sort(byPreference);
  entry.preferred = entry.versions[0]!;
}

export const resourceName = (group: string, resource: string): ResourceName => (group === '' ? resource : `${resource}.${group}`);

/** `/pods/default/web`, `/nodes/n1`. */
export function storageKey(def: ResourceDef, namespace: string, name: string): string {
  return def.namespaced ? `${def.prefix}${namespace}/${name}` : def.prefix + name;
}

/** The prefix under which a list looks: one namespace, or all. */
export function listPrefix(def: ResourceDef, namespace: string): string {
  return def.namespaced && namespace !== '' ? `${def.prefix}${namespace}/` : def.prefix;
}

const builtIns = new Map<string, ResourceDef>();

function builtIn(group: string, version: string, facts: ResourceFacts): ResourceDef {
  const path = `${group}/${version}/${facts.resource}`;
  let def = builtIns.get(path);
  if (!def) builtIns.set(path, def = define(group, version, facts));
  return def;
}

/** A conversion whose results look as if they had been decoded. */
function canonical(conversion: Conversion | undefined, type: StructType): Conversion | undefined {
  return conversion && { ...conversion, fromStorage: (object) => normalize(type, conversion.fromStorage(object)) };
}

function define(group: string, version: string, facts: ResourceFacts): ResourceDef {
  const apiVersion = apiVersionOf({ group, version });
  const type = structType(kinds.get(`${apiVersion}/${facts.kind}`)!);
  const conversion = canonical(conversionOf(group, version, facts.resource), type);
  const stored = conversion?.storageVersion ?? { group, resource: facts.resource };
  return {
    group, version, apiVersion, kind: facts.kind, resource: facts.resource, namespaced: facts.namespaced, facts,
    type,
    strategy: strategyOf(group, facts),
    name: resourceName(group, facts.resource),
    prefix: `/${resourceName(stored.group, stored.resource)}/`,
    conversion,
    subresources: new Map((facts.subresources ?? []).map((subresource) => [subresource.name, subresource])),
    groupResource: { group, resource: facts.resource },
    deprecation: deprecations[`${apiVersion}/${facts.kind}`],
  };
}

/** Served kinds that every request warns of (APILifecycleDeprecated in staging/src/k8s.io/api). */
const deprecations: Readonly<Record<string, string>> = {
  'v1/ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
  'v1/Endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};
