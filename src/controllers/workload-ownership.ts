/** Who controls what: adopting objects that a workload selects and releasing those it no longer does (pkg/controller/controller_ref_manager.go). */
import type { ApiPort, ResourceName } from '../api/port.ts';
import type { OwnerReference } from '../schema/meta/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { LabelSelector } from '../schema/values/label-selector.ts';

/** The reference to the one owner that manages the object. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller);
}

/** The reference by which an object of `apps/v1` controls what it makes. */
export function controllerReference(kind: string, { metadata }: KubeObject): OwnerReference {
  return { apiVersion: 'apps/v1', kind, name: metadata.name ?? '', uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}

/** A workload that claims objects. */
export interface Claimer {
  readonly port: ApiPort;
  readonly kind: string;
  readonly owner: KubeObject;
  readonly selector: LabelSelector;
}

/**
 * The objects of the owner's namespace that it controls. Matching orphans are adopted and show up at the change that
 * this makes; objects that no longer match are released. An owner that is being deleted adopts nothing.
 */
export function claim<T extends KubeObject>({ port, kind, owner, selector }: Claimer, resource: ResourceName): T[] {
  const claimed: T[] = [];
  for (const object of port.lister<T>(resource).list(owner.metadata.namespace)) {
    const controller = controllerOf(object);
    const matches = selector.matches(object.metadata.labels);
    if (controller) {
      if (controller.uid !== owner.metadata.uid) continue;
      if (matches || owner.metadata.deletionTimestamp) claimed.push(object);
      else patchOwners(port, resource, object, { $patch: 'delete', uid: controller.uid });
    } else if (matches && !owner.metadata.deletionTimestamp && !object.metadata.deletionTimestamp) {
      patchOwners(port, resource, object, controllerReference(kind, owner));
      const adopted = port.lister<T>(resource).get(object.metadata.namespace ?? '', object.metadata.name ?? '');
      if (adopted && controllerOf(adopted)?.uid === owner.metadata.uid) claimed.push(adopted);
    }
  }
  return claimed;
}

function patchOwners(port: ApiPort, resource: ResourceName, { metadata }: KubeObject, reference: object): void {
  const { namespace = '', name = '', uid } = metadata;
  port.submit({
    verb: 'patch', resource, namespace, name, patchType: 'strategic', patch: { metadata: { uid, ownerReferences: [reference] } },
  });
}
