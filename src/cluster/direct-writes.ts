/** Writes that come neither from a client nor from a controller: manifests at start, and edits that Kubernetes forbids. */
import type { KubeApi } from '../api/kube-api.ts';
import { storageKey } from '../api/registry.ts';
import { resourceVersionOf } from '../api/resource-version.ts';
import { parseApiVersion, type KubeObject } from '../schema/objects.ts';
import { OptionError } from '../options.ts';

/** Replaces an object as it is, past validation, as one new revision. */
export function overwrite({ services: { registry, store } }: KubeApi, resource: string, object: KubeObject): void {
  const def = registry.byName(resource)!;
  const { namespace = '', name = '' } = object.metadata;
  const metadata = { ...object.metadata, resourceVersion: resourceVersionOf(store.revision + 1) };
  store.update(storageKey(def, namespace, name), { ...object, metadata });
}

/** Creates the object of a manifest, or each item of a list. Throws OptionError with the API's own text. */
export function load(api: KubeApi, manifest: unknown): void {
  const { apiVersion = '', kind = '', items } = (manifest ?? {}) as { apiVersion?: string; kind?: string; items?: unknown[] };
  if (Array.isArray(items)) return items.forEach((item) => load(api, item));
  const { group, version } = parseApiVersion(apiVersion);
  const def = api.services.registry.byKind(group, version, kind);
  if (!def) throw new OptionError(`Failed to load a manifest: no resource has the kind '${kind}' in '${apiVersion}'. Correct its apiVersion and kind.`);
  const object = manifest as KubeObject;
  const namespace = def.namespaced ? object.metadata.namespace ?? 'default' : undefined;
  api.ports.as('fakelet').submit({ verb: 'create', resource: def.name, object, ...(namespace === undefined ? {} : { namespace }) }, (outcome) => {
    if (!outcome.ok) throw new OptionError(`Failed to load ${kind} ${object.metadata.name ?? ''}: ${outcome.status.message}.`);
  });
}
