/** Discovery documents, made from the registry (apiserver/pkg/endpoints/discovery). */
import { createHash } from 'node:crypto';
import type { SubresourceFacts } from '../../schema/resource-facts.ts';
import { apiVersionOf } from '../../schema/objects.ts';
import { aggregatedDiscovery, type AggregatedApi } from '../aggregated-api.ts';
import type { GroupEntry, Registry, ResourceDef } from '../registry.ts';

/** `/api` */
export function apiVersions(serverAddress: string) {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] };
}

/** `/apis` */
export function apiGroupList(registry: Registry, aggregated: readonly AggregatedApi[]) {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...namedGroups(registry), ...aggregated.map(aggregatedEntry)].map(groupMembers) };
}

export const aggregatedEntry = ({ group, version, priority }: AggregatedApi): GroupEntry => ({ group, versions: [version], preferred: version, priority });

/** `/apis/GROUP` */
export function apiGroup(entry: GroupEntry) {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupMembers(entry) };
}

/** Every group but core, by priority. */
function namedGroups(registry: Registry): GroupEntry[] {
  return registry.groups().filter(({ group }) => group !== '').toSorted((a, b) => b.priority - a.priority);
}

function groupMembers({ group, versions, preferred }: GroupEntry) {
  const entry = (version: string) => ({ groupVersion: apiVersionOf({ group, version }), version });
  return { name: group, versions: versions.map(entry), preferredVersion: entry(preferred) };
}

/** `/api/v1`, `/apis/GROUP/VERSION` */
export function apiResourceList(registry: Registry, group: string, version: string) {
  const defs = registry.resources(group, version);
  const isCustom = defs.every(({ type }) => !type);
  const resources = defs.flatMap((def) => [resourceEntry(def), ...subresourceEntries(def)]);
  return {
    kind: 'APIResourceList', ...(group === '' ? {} : { apiVersion: 'v1' }), groupVersion: apiVersionOf({ group, version }),
    // Custom resources keep the order of their definitions, and their subresources follow them.
    resources: isCustom ? resources : resources.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function resourceEntry(def: ResourceDef) {
  const { facts } = def;
  return {
    name: facts.resource, singularName: facts.singular, namespaced: facts.namespaced, kind: facts.kind, verbs: facts.verbs,
    ...(facts.shortNames ? { shortNames: facts.shortNames } : {}), ...(facts.categories ? { categories: facts.categories } : {}),
    ...(facts.verbs.includes('update') ? { storageVersionHash: storageVersionHash(def) } : {}),
  };
}

function subresourceEntries(def: ResourceDef) {
  return (def.facts.subresources ?? []).map((subresource) => ({
    name: `${def.resource}/${subresource.name}`, singularName: '', namespaced: def.namespaced,
    ...(isOwnKind(def, subresource) ? {} : { group: subresource.group, version: subresource.version }),
    kind: subresource.kind, verbs: subresource.verbs,
  }));
}

/** Upstream leaves group and version out where they are the resource's own. */
const isOwnKind = (def: ResourceDef, { group, version }: SubresourceFacts) => group === def.group && version === def.version;

/** Kinds that upstream still stores in a version that it no longer serves by default. */
const olderStorageVersions: Readonly<Record<string, string>> = {
  MutatingAdmissionPolicy: 'v1beta1', MutatingAdmissionPolicyBinding: 'v1beta1',
};

/** First eight bytes of the SHA-256 of the stored kind. */
function storageVersionHash({ conversion, group, version, kind }: ResourceDef): string {
  const stored = conversion?.storageVersion ?? { group, version: olderStorageVersions[kind] ?? version };
  return createHash('sha256').update(`${stored.group}/${stored.version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

/** Aggregated discovery of `/api` (`core`) or `/apis`. */
export function apiGroupDiscoveryList(registry: Registry, core: boolean, aggregated: readonly AggregatedApi[]) {
  const groups = core ? registry.groups().filter(({ group }) => group === '') : namedGroups(registry);
  return {
    kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {},
    items: [...groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map((version) => ({
        version, resources: registry.resources(group, version).toSorted((a, b) => (a.resource < b.resource ? -1 : 1)).map(resourceDiscovery),
        freshness: 'Current',
      })),
    })), ...(core ? [] : aggregated.map(aggregatedDiscovery))],
  };
}

function resourceDiscovery(def: ResourceDef) {
  const { facts } = def;
  const subresources = (facts.subresources ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((subresource) => ({
    subresource: subresource.name, responseKind: responseKind(def, isOwnKind(def, subresource), subresource), verbs: subresource.verbs,
  }));
  return {
    resource: facts.resource, responseKind: responseKind(def, true, def), scope: facts.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: facts.singular, verbs: facts.verbs,
    ...(facts.shortNames ? { shortNames: facts.shortNames } : {}), ...(facts.categories ? { categories: facts.categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

/** Built-in groups say neither group nor version of their own kinds; custom resources do. */
function responseKind(def: ResourceDef, own: boolean, gvk: { group: string; version: string; kind: string }) {
  return own && def.type ? { group: '', version: '', kind: gvk.kind } : { group: gvk.group, version: gvk.version, kind: gvk.kind };
}
