/** Which resources a cluster holds, as discovery would tell: the built-in ones and those of CustomResourceDefinitions. */
import type { ApiPort, ResourceName } from '../api/port.ts';
import type { CustomResourceDefinition } from '../schema/apiextensions/v1.ts';
import { groups } from '../schema/resources.ts';

export interface DeletableResource {
  readonly name: ResourceName;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Built-in resources whose objects can be listed and deleted, in discovery order, each in its group's preferred version. */
export const builtInDeletables: readonly DeletableResource[] = groups.flatMap(({ group, versions, preferred }) => {
  // Events are stored in the core group; the other view on them is the same objects.
  if (group === 'events.k8s.io') return [];
  const seen = new Set<string>();
  const preferredFirst = [...versions].sort((a, b) => Number(b.version === preferred) - Number(a.version === preferred));
  return preferredFirst.flatMap(({ version, resources }) => resources
    .filter(({ resource, verbs }) => verbs.includes('delete') && verbs.includes('list') && !seen.has(resource) && seen.add(resource))
    .map(({ resource, kind, namespaced }) => ({ name: group === '' ? resource : `${resource}.${group}`, group, version, resource, kind, namespaced })));
});

/** The resources that established CustomResourceDefinitions add. */
export function customDeletables(port: ApiPort): DeletableResource[] {
  return port.lister<CustomResourceDefinition>('customresourcedefinitions.apiextensions.k8s.io').list()
    .filter(({ status }) => status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True'))
    .map((crd) => deletableOf(crd));
}

/** The resource of one CustomResourceDefinition in its storage version. */
export function deletableOf({ spec }: CustomResourceDefinition): DeletableResource {
  const { group, names, scope, versions } = spec;
  const version = versions?.find(({ storage }) => storage)?.name ?? '';
  return { name: `${names.plural}.${group}`, group, version, resource: names.plural, kind: names.kind, namespaced: scope === 'Namespaced' };
}
