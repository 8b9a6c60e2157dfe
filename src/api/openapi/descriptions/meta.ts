/** Texts of the types that all groups share: `io.k8s.apimachinery.pkg.apis.meta.v1`. */
import type { Texts } from './texts.ts';
import { conditionFields } from './pod-status.ts';

export const metaTexts = (): Texts => ({
  ObjectMeta: ['Name, owner, labels and other data that every stored object has.', {
    name: 'The name of the object, which no other object of its kind in the namespace has.',
    generateName: 'The beginning of a name that the server completes with random characters when no name is given.',
    namespace: 'The namespace that the object is in; objects of the whole cluster have none.',
    selfLink: 'Formerly the path of the object; it is no longer set.',
    uid: 'An identifier that the server gives to this object and to no other, even when the name is used again.',
    resourceVersion: 'Changes with every write of the object; an update that names an older one is refused, and watches begin at one.',
    generation: 'A number that rises when the wanted state changes.',
    creationTimestamp: 'When the server created the object.',
    deletionTimestamp: 'When the object is to be gone; set by the server when deletion was asked for and has to wait.',
    deletionGracePeriodSeconds: 'How many seconds the object may take to end; set together with the deletion timestamp.',
    labels: 'Keys and values by which objects are grouped and selected.',
    annotations: 'Keys and values that tools keep with the object; nothing selects by them.',
    ownerReferences: 'The objects that this one belongs to; when all of them are gone, the garbage collector deletes it.',
    finalizers: 'What has to be done before the object is removed; whoever has done its part takes its entry out.',
    managedFields: 'Which client set which fields, as server-side apply needs to know it.',
  }],
  OwnerReference: ['Names an owner of the object, in the same namespace or of the whole cluster.', {
    apiVersion: 'The group and version of the owner.',
    kind: 'The kind of the owner.',
    name: 'The name of the owner.',
    uid: 'The UID of the owner; an object of the same name with another UID is not the owner.',
    controller: 'Whether the owner is the one that manages this object; only one owner can be.',
    blockOwnerDeletion: 'Whether a foreground deletion of the owner waits until this object is gone.',
  }],
  ManagedFieldsEntry: ['The fields that one client set in one way of writing.', {
    manager: 'The name of the client.',
    operation: 'Whether the client applied or updated.',
    apiVersion: 'The version of the API in which the fields are written down.',
    time: 'When the entry was made or last changed.',
    fieldsType: 'How the fields are written down; always FieldsV1.',
    fieldsV1: 'The set of fields, as a tree of names.',
    subresource: 'The subresource that was written, if it was not the object itself.',
  }],
  ListMeta: ['Data about a list as a whole.', {
    selfLink: 'Formerly the path of the list; it is no longer set.',
    resourceVersion: 'The state of the store that the list shows; a watch can begin here.',
    continue: 'A token with which to ask for the next page; empty on the last one.',
    remainingItemCount: 'How many objects follow on later pages, when the server can tell.',
    shardInfo: 'Which part of the objects the list is limited to, if it is.',
  }],
  ShardInfo: ['The part of a collection that a list shows.', { selector: 'The selector that chose the part.' }],
  LabelSelector: ['Chooses objects by their labels; all requirements have to hold, and an empty selector chooses everything.', {
    matchLabels: 'Labels that an object has to have with just these values.',
    matchExpressions: 'Further requirements on labels.',
  }],
  LabelSelectorRequirement: ['One requirement on one label.', {
    key: 'The key of the label.',
    operator: 'How the label is compared: In, NotIn, Exists or DoesNotExist.',
    values: 'The values that In and NotIn compare with; empty for the others.',
  }],
  Condition: ['One observed aspect of the state of an object.', {
    ...conditionFields,
    observedGeneration: 'The generation of the object that the condition was judged by.',
  }],
  DeleteOptions: ['How an object is to be deleted.', {
    gracePeriodSeconds: 'How many seconds the object may take to end; zero removes it at once.',
    preconditions: 'What has to be true of the object, or it is not deleted.',
    orphanDependents: 'An older way to keep what the object owns; use propagationPolicy.',
    propagationPolicy: 'What becomes of owned objects: Orphan keeps them, Background deletes them later, Foreground deletes them first.',
    dryRun: 'With All, everything is checked and nothing is deleted.',
    ignoreStoreReadErrorWithClusterBreakingPotential: 'Deletes an object even when it cannot be read from the store, without regard to finalizers.',
  }],
  Preconditions: ['What has to be true of an object before it is written or deleted.', {
    uid: 'The UID that the object has to have.',
    resourceVersion: 'The resource version that the object has to be at.',
  }],
  Status: ['The outcome of a request that answers with no object.', {
    metadata: 'Always empty in the outcome of a request.',
    status: 'Success or Failure.',
    message: 'The outcome in words for people.',
    reason: 'The kind of failure, in one word for programs.',
    details: 'Further data about the failure; which depends on the reason.',
    code: 'The HTTP status code that goes with the outcome.',
  }],
  StatusDetails: ['Further data about a failure.', {
    name: 'The name of the object that the request was about.',
    group: 'The API group of that object.',
    kind: 'The kind or resource of that object.',
    uid: 'The UID of that object.',
    causes: 'The single things that were wrong.',
    retryAfterSeconds: 'After how many seconds it makes sense to ask again.',
  }],
  StatusCause: ['One thing that was wrong with a request.', {
    reason: 'The kind of mistake, in one word for programs.',
    message: 'The mistake in words for people.',
    field: 'The path of the member that is wrong.',
  }],
  WatchEvent: ['One change that a watch reports.', {
    type: 'What happened: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.',
    object: 'The object after the change, or as it last was when it was deleted; a Status for an error.',
  }],
});
