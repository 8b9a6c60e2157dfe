/** The `scale` of workloads: replicas seen apart from the object that has them (pkg/registry/apps storage, ScaleREST). */
import { quote } from '../../lib/go-format.ts';
import { copy } from '../../lib/json.ts';
import type { ManagedFieldsEntry } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { fromLabels, fromLabelSelector, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { applyPatch } from '../apply/apply.ts';
import { parentEntries, scaleEntries, type ReplicasPaths } from '../apply/scale-owners.ts';
import { updateManagedFields, type WriteKind } from '../apply/ownership.ts';
import { objectTypeOf } from '../apply/type-model.ts';
import { memberAt, setMemberAt, stepsOf, type ScalePaths } from '../crd/scale-paths.ts';
import { normalize } from '../codec/codec.ts';
import { badRequest, conflict, internalError, invalid, notFound } from '../errors.ts';
import { invalid as invalidField } from '../field-error.ts';
import { storageKey, type ResourceDef } from '../registry.ts';
import type { Services } from '../services.ts';
import { typeNamed } from '../transform.ts';
import { checkNames } from '../verbs/patch.ts';
import { update } from '../verbs/update.ts';
import type { WriteContext } from '../verbs/write-context.ts';

export type Scale = KubeObject & { spec?: { replicas?: number }; status?: { replicas: number; selector?: string } };

const replicasPath = (def: ResourceDef): string => def.scale?.specReplicasPath ?? '.spec.replicas';

/** The scale of the object that is named. Throws 404. */
export function getScale(services: Services, def: ResourceDef, namespace: string, name: string): Scale {
  const stored = services.store.get(storageKey(def, namespace, name));
  if (!stored) throw notFound(def.groupResource, name);
  if (def.scale && memberAt(stored.value, stepsOf(def.scale.specReplicasPath)) === undefined) {
    throw internalError(`the spec replicas field ${quote(def.scale.specReplicasPath)} does not exist`);
  }
  return scaleOf(def, stored.value);
}

function scaleOf(def: ResourceDef, { metadata, ...object }: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const { replicas, statusReplicas, selector } = def.scale ? customScale(def.scale, object) : builtInScale(object as WorkloadParts);
  return {
    kind: 'Scale', apiVersion: 'autoscaling/v1',
    metadata: { name: name!, namespace: namespace!, uid: uid!, resourceVersion: resourceVersion!, creationTimestamp: creationTimestamp! },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: statusReplicas, ...(selector ? { selector } : {}) },
  };
}

interface ScaleValues { readonly replicas: number; readonly statusReplicas: number; readonly selector: string | undefined }

interface WorkloadParts { readonly spec?: { replicas?: number; selector?: object }; readonly status?: { replicas?: number } }

function builtInScale({ spec, status }: WorkloadParts): ScaleValues {
  return { replicas: spec?.replicas ?? 0, statusReplicas: status?.replicas ?? 0, selector: selectorText(spec?.selector) };
}

/** A custom resource says where its replicas are (apiextensions' registry/customresource/etcd.go). */
function customScale({ specReplicasPath, statusReplicasPath, labelSelectorPath }: ScalePaths, object: object): ScaleValues {
  const at = (path: string) => memberAt(object, stepsOf(path));
  const selector = labelSelectorPath ? at(labelSelectorPath) : undefined;
  return {
    replicas: Number(at(specReplicasPath) ?? 0), statusReplicas: Number(at(statusReplicasPath) ?? 0),
    selector: typeof selector === 'string' ? selector : undefined,
  };
}

/** ReplicationControllers select by a plain map, all others by a LabelSelector. */
function selectorText(selector: object | undefined): string | undefined {
  if (!selector) return undefined;
  const isSelector = 'matchLabels' in selector || 'matchExpressions' in selector;
  return isSelector ? fromLabelSelector(selector as LabelSelectorObject)?.toString() : fromLabels(selector as Record<string, string>).toString();
}

/** Sets the replicas of the object that `context` names to those of `scale`. Throws ApiError. */
export function replaceScale(services: Services, context: WriteContext, scale: Scale): Scale {
  checkNames(context, scale);
  return updateScale(services, context, (live) => trackScale(services, context, live, scale), scale.metadata.uid);
}

/**
 * Sets the replicas of the object that `context` names, as `change` makes of its scale. The scale has the managedFields
 * of the object's replicas, and is answered with those after the change. `uid` refuses another object of the same name.
 * Throws ApiError.
 */
export function updateScale(services: Services, context: WriteContext, change: (live: Scale) => Scale, uid?: string): Scale {
  const { def } = context;
  const paths = replicasPaths(services, def);
  const written = update(services, { ...context, subresource: '' }, {
    allowCreate: false,
    uid,
    next: (old) => {
      const next = copy(old!);
      const live = liveScale(def, next, scaleEntries(next.metadata.managedFields, paths));
      const after = change(live);
      checkScale(context, live, after);
      setMemberAt(next, stepsOf(replicasPath(def)), after.spec?.replicas ?? 0);
      // Custom resources are written whatever their version unless the scale names one.
      if (after.metadata.resourceVersion || !def.scale) next.metadata.resourceVersion = after.metadata.resourceVersion ?? '';
      setManagedFields(next, parentEntries(next.metadata.managedFields, after.metadata.managedFields, paths, def.apiVersion));
      return next;
    },
  });
  return scaleOf(def, written.object);
}

/** Where the replicas are in each version that the object is served in. */
function replicasPaths({ registry }: Services, def: ResourceDef): ReplicasPaths {
  if (def.type) return { [def.apiVersion]: replicasPath(def) };
  return Object.fromEntries(registry.servedVersions(def).map((apiVersion) =>
    [apiVersion, registry.find(def.group, apiVersion.slice(def.group.length + 1), def.resource)?.scale?.specReplicasPath]));
}

/** A custom resource without replicas shows a number that no client means, so that a write must set them. */
const noReplicas = -2_147_483_648;

function liveScale(def: ResourceDef, parent: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): Scale {
  const scale = scaleOf(def, parent);
  if (def.scale && memberAt(parent, stepsOf(def.scale.specReplicasPath)) === undefined) scale.spec = { replicas: noReplicas };
  setManagedFields(scale, managedFields);
  return scale;
}

function setManagedFields({ metadata }: KubeObject, entries: ManagedFieldsEntry[] | undefined): void {
  if (entries) metadata.managedFields = entries;
  else delete metadata.managedFields;
}

function checkScale({ def, name }: WriteContext, before: Scale, after: Scale): void {
  const replicas = after.spec?.replicas ?? 0;
  if (replicas === noReplicas && def.scale) throw badRequest(`the spec replicas field ${quote(def.scale.specReplicasPath)} cannot be empty`);
  if (replicas < 0 && !def.scale) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [invalidField('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  }
  const { uid } = after.metadata;
  if (uid && uid !== before.metadata.uid && !def.scale) {
    throw conflict({ group: def.group, resource: `${def.resource}/scale` }, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`);
  }
}

/** `next` with the managedFields of a write by `context.manager`: whoever sets the replicas of the scale owns them. */
export function trackScale(services: Services, { manager }: WriteContext, live: Scale, next: Scale): Scale {
  const tracked: Scale = { ...next, metadata: { ...next.metadata } };
  setManagedFields(tracked, updateManagedFields({ ...scaleWrite(services), live, next, manager }));
  return tracked;
}

/** `live` after a server-side apply. Throws ApiError. */
export function applyScale(
  services: Services, { manager }: WriteContext, live: Scale, applied: Readonly<Record<string, unknown>>, force: boolean,
): Scale {
  const outcome = applyPatch({ ...scaleWrite(services), gvk: scaleGvk, live, applied, manager, force });
  const scale = normalize(scaleType, outcome.object) as Scale;
  setManagedFields(scale, outcome.managedFields);
  return scale;
}

const scaleType = typeNamed('autoscaling/v1', 'Scale')!;
const scaleGvk = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
/** What the body of a scale is read as. */
export const scaleKind = { ...scaleGvk, type: scaleType };

const scaleWrite = ({ clock }: Services): WriteKind =>
  ({ type: objectTypeOf(scaleType), apiVersion: 'autoscaling/v1', subresource: 'scale', now: clock.now() });
