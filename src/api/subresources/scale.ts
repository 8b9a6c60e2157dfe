/** The `scale` of workloads: replicas seen apart from the object that has them (pkg/registry/apps storage, ScaleREST). */
import { quote } from '../../lib/go-format.ts';
import { copy } from '../../lib/json.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { fromLabels, fromLabelSelector, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { parentEntries, scaleEntries, type ReplicasPaths } from '../apply/scale-owners.ts';
import { updateManagedFields } from '../apply/ownership.ts';
import { objectTypeOf } from '../apply/type-model.ts';
import { memberAt, setMemberAt, stepsOf, type ScalePaths } from '../crd/scale-paths.ts';
import { badRequest, conflict, internalError, invalid, notFound } from '../errors.ts';
import { invalid as invalidField } from '../field-error.ts';
import { storageKey, type ResourceDef } from '../registry.ts';
import type { Services } from '../services.ts';
import { typeNamed } from '../transform.ts';
import { modified, update } from '../verbs/update.ts';
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

/** Sets the replicas of the object that `context` names, as `change` makes of its scale. Throws ApiError. */
export function updateScale(services: Services, context: WriteContext, change: (scale: Scale) => Scale): Scale {
  const written = update(services, { ...context, subresource: '' }, {
    allowCreate: false,
    next: (old) => {
      const before = scaleOf(context.def, old!);
      const after = change(copy(before));
      checkScale(context, before, after);
      const next = copy(old!);
      const replicas = after.spec?.replicas ?? 0;
      setMemberAt(next, stepsOf(replicasPath(context.def)), replicas);
      trackScale(services, context, { parent: next, before, after });
      return next;
    },
  });
  return scaleOf(context.def, written.object);
}

function checkScale({ def, name }: WriteContext, before: Scale, after: Scale): void {
  const replicas = after.spec?.replicas ?? 0;
  const { resourceVersion, uid } = after.metadata;
  if (after.metadata.name !== name) throw badRequest(`the name of the object (${after.metadata.name}) does not match the name on the URL (${name})`);
  if (replicas < 0 && !def.scale) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [invalidField('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  }
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) throw conflict(def.groupResource, name, modified);
  if (uid && uid !== before.metadata.uid) {
    throw conflict(def.groupResource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`);
  }
}

/** Whoever sets the replicas of the scale owns them in the parent. */
function trackScale(services: Services, context: WriteContext, { parent, before, after }: { parent: KubeObject; before: Scale; after: Scale }): void {
  const { def, manager } = context;
  const paths: ReplicasPaths = { [def.apiVersion]: replicasPath(def) };
  const entries = scaleEntries(parent.metadata.managedFields, paths);
  const live = entries ? { ...before, metadata: { ...before.metadata, managedFields: entries } } : before;
  const next: Scale = { ...after, metadata: { ...after.metadata } };
  delete next.metadata.managedFields;
  const updated = updateManagedFields({
    type: objectTypeOf(typeNamed('autoscaling/v1', 'Scale')!), apiVersion: 'autoscaling/v1', subresource: 'scale', now: services.clock.now(),
    live, next, manager,
  });
  const managedFields = parentEntries(parent.metadata.managedFields, updated, paths, def.apiVersion);
  if (managedFields) parent.metadata.managedFields = managedFields;
  else delete parent.metadata.managedFields;
}
