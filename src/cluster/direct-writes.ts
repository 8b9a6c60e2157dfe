/** Writes that come neither from a client nor from a controller: objects that users bring, and edits that Kubernetes forbids. */
import type { KubeApi } from '../api/kube-api.ts';
import { submitNow, type Outcome, type Write } from '../api/port.ts';
import { storageKey, type ResourceDef } from '../api/registry.ts';
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
  const def = definitionOf(api, apiVersion, kind);
  if (!def) throw new OptionError(`Failed to load a manifest: no resource has the kind '${kind}' in '${apiVersion}'. Correct its apiVersion and kind.`);
  const object = manifest as KubeObject;
  const namespace = def.namespaced ? object.metadata.namespace ?? 'default' : undefined;
  const outcome = submit(api, { verb: 'create', resource: def.name, object, ...(namespace === undefined ? {} : { namespace }) });
  if (!outcome.ok) throw new OptionError(`Failed to load ${kind} ${object.metadata.name ?? ''}: ${outcome.status.message}.`);
}

/** The resource whose objects say that they are of a kind; undefined when none is served. */
export function definitionOf({ services: { registry } }: KubeApi, apiVersion: string, kind: string): ResourceDef | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  return registry.byKind(group, version, kind);
}

/** Writes at once, as the emulator itself. */
export function submit(api: KubeApi, write: Write): Outcome {
  return submitNow(api.ports.as('fakelet'), write);
}
