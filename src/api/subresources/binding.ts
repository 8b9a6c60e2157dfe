/** `pods/binding` and the older `bindings`: puts a Pod on a node in one write (pkg/registry/core/pod/storage/storage.go). */
import { normalize } from '../codec/normalize.ts';
import { copy } from '../../lib/json.ts';
import type { Binding, Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { badRequest, conflict, notFound, plainError } from '../errors.ts';
import { setPodCondition } from '../pod-condition.ts';
import { storageKey } from '../registry.ts';
import type { Services } from '../services.ts';
import { checkUid } from '../verbs/update.ts';
import { Admission, nowText, put, type WriteContext } from '../verbs/write-context.ts';

const bindingResource = { group: '', resource: 'pods/binding' };

/** Binds the Pod that `context` names. Throws ApiError. */
export function bind(services: Services, context: WriteContext, binding: Binding): void {
  const { def, namespace, name } = context;
  if (binding.metadata?.name !== name) throw badRequest('name in URL does not match name in Binding object');
  checkTarget(binding);
  const admission = new Admission(services, context, 'CREATE');
  admission.guard(() => {
    admission.admit(binding as KubeObject, undefined);
    admission.validate(binding as KubeObject, undefined);
    const current = services.store.get(storageKey(def, namespace, name));
    if (!current) throw notFound(def.groupResource, name);
    if (binding.metadata!.uid) checkUid(context, binding.metadata!.uid, current.value);
    const pod = current.value as unknown as Pod;
    checkUnbound(pod, name);
    if (!context.dryRun) put(services, current.key, normalize(def.type, bound(services, pod, binding), current.value));
  });
}

function checkTarget({ target }: Binding): void {
  const errors: string[] = [];
  if (target.kind && target.kind !== 'Node') {
    errors.push(`target.kind: Unsupported value: ${JSON.stringify(target.kind)}: supported values: "Node", "<empty>"`);
  }
  if (!target.name) errors.push('target.name: Required value');
  if (errors.length > 0) throw plainError(errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);
}

function checkUnbound({ metadata, spec }: Pod, name: string): void {
  if (metadata?.deletionTimestamp) throw conflict(bindingResource, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (spec.nodeName) throw conflict(bindingResource, name, `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
  if (spec.schedulingGates?.length) throw conflict(bindingResource, name, `pod ${name} has non-empty .spec.schedulingGates`);
}

function bound(services: Services, old: Pod, { metadata, target }: Binding): KubeObject {
  const pod: Pod = { ...old, metadata: { ...old.metadata }, spec: { ...old.spec, nodeName: target.name! }, status: copy(old.status ?? {}) };
  for (const member of ['annotations', 'labels'] as const) {
    const added = metadata?.[member];
    if (added) pod.metadata![member] = { ...pod.metadata![member], ...added };
  }
  setPodCondition(pod.status, { type: 'PodScheduled', status: 'True' }, nowText(services));
  delete pod.status.nominatedNodeName;
  return pod as unknown as KubeObject;
}
