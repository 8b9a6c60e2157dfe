/** What a DELETE answers with: a Status, but for the resources named here. */

/** Their stores hand back what they deleted (`ReturnDeletedObject`), and OpenAPI says so. */
const byStore: ReadonlySet<string> = new Set(['pods', 'services', 'serviceaccounts', 'podtemplates', 'resourcequotas', 'persistentvolumes',
  'persistentvolumeclaims',
  ...['deviceclasses', 'resourceclaims', 'resourceclaimtemplates', 'resourceslices'].map((name) => `${name}.resource.k8s.io`),
  ...['csidrivers', 'csinodes', 'storageclasses', 'volumeattachments', 'volumeattributesclasses'].map((name) => `${name}.storage.k8s.io`)]);
/** These are deleted by code of their own, of which OpenAPI knows nothing. */
const byOwnCode: ReadonlySet<string> = new Set(['namespaces', 'customresourcedefinitions.apiextensions.k8s.io']);

/** `resource` is the plural name, with the group unless it is core. */
export const answersWithObject = (resource: string): boolean => byStore.has(resource) || byOwnCode.has(resource);
export const publishesDeletedObject = (resource: string): boolean => byStore.has(resource);
