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

export class Registry {
  readonly #byPath = new Map<string, Map<string, ResourceDef>>();
  readonly #groups = new Map<string, GroupEntry>();
  /** Stored resources by group and plural name. */
  readonly #byGroup = new Map<string, Map<string, ResourceDef>>();
  /** API versions that share a place in the store. */
  readonly #versions = new Map<string, readonly string[]>();
  /** Rises with every change; whoever caches discovery documents compares it. */
  generation = 0;

  static #builtIns: Registry | undefined;

  /** Begins as a copy of another one, of that with the built-in resources unless told otherwise. */
  constructor(original: Registry | null = Registry.#withBuiltIns()) {
    if (!original) return;
    for (const [path, resources] of original.#byPath) this.#byPath.set(path, new Map(resources));
    for (const [group, resources] of original.#byGroup) this.#byGroup.set(group, new Map(resources));
    for (const [group, entry] of original.#groups) this.#groups.set(group, { ...entry, versions: [...entry.versions] });
    for (const [prefix, versions] of original.#versions) this.#versions.set(prefix, versions);
    this.generation = original.generation;
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
    const entry = this.#entry(def.group, def.version, def.version, 1000);
    if (!def.type) sortVersions(entry);
    const path = `${def.group}/${def.version}`;
    let resources = this.#byPath.get(path);
    if (!resources) this.#byPath.set(path, resources = new Map());
    resources.set(def.resource, def);
    if (def.conversion?.storageVersion.group !== def.group) {
      let group = this.#byGroup.get(def.group);
      if (!group) this.#byGroup.set(def.group, group = new Map());
      group.set(def.resource, def);
    }
    this.#versions.set(def.prefix, [...this.#versions.get(def.prefix) ?? [], def.apiVersion]);
    this.generation++;
  }

  remove(def: ResourceDef): void {
    const path = `${def.group}/${def.version}`;
    const resources = this.#byPath.get(path);
    resources?.delete(def.resource);
    if (this.byGroup(def.group, def.resource) === def) this.#byGroup.get(def.group)!.delete(def.resource);
    this.#versions.set(def.prefix, this.#versions.get(def.prefix)!.filter((version) => version !== def.apiVersion));
    if (resources?.size === 0) {
      this.#byPath.delete(path);
      const entry = this.#groups.get(def.group)!;
      entry.versions = entry.versions.filter((version) => version !== def.version);
      if (entry.versions.length === 0) this.#groups.delete(def.group);
      else sortVersions(entry);
    }
    this.generation++;
  }

  /** The API versions in which the objects of a resource can be had, other groups included. */
  servedVersions(def: ResourceDef): readonly string[] {
    return this.#versions.get(def.prefix) ?? [];
  }

  find(group: string, version: string, resource: string): ResourceDef | undefined {
    return this.#byPath.get(`${group}/${version}`)?.get(resource);
  }

  /** The resource in the version in which it is stored, or the one of its group where another group stores it. */
  byName(name: ResourceName): ResourceDef | undefined {
    const dot = name.indexOf('.');
    return dot < 0 ? this.byGroup('', name) : this.byGroup(name.slice(dot + 1), name.slice(0, dot));
  }

  /** The same, for those who have its parts. */
  byGroup(group: string, resource: string): ResourceDef | undefined {
    return this.#byGroup.get(group)?.get(resource);
  }

  byKind(group: string, version: string, kind: string): ResourceDef | undefined {
    for (const def of this.resources(group, version)) if (def.kind === kind) return def;
    return undefined;
  }

  groups(): readonly GroupEntry[] {
    return [...this.#groups.values()];
  }

  group(group: string): GroupEntry | undefined {
    return this.#groups.get(group);
  }

  /** Is this a group of custom resources? */
  isCustom(group: string): boolean {
    const [version] = this.#groups.get(group)?.versions ?? [];
    return version !== undefined && this.resources(group, version).every(({ type }) => !type);
  }

  hasVersion(group: string, version: string): boolean {
    return this.#byPath.has(`${group}/${version}`);
  }

  resources(group: string, version: string): readonly ResourceDef[] {
    return [...(this.#byPath.get(`${group}/${version}`)?.values() ?? [])];
  }

  #entry(group: string, version: string, preferred: string, priority: number): GroupEntry {
    let entry = this.#groups.get(group);
    if (!entry) this.#groups.set(group, entry = { group, versions: [], preferred, priority });
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
