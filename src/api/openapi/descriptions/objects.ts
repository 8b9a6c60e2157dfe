/** Texts of the other objects that go with Pods: ConfigMaps, Secrets, Events, ServiceAccounts. */
import type { Texts } from './texts.ts';

export const objectTexts = (): Texts => ({
  ConfigMap: ['Settings that Pods read as variables or files.', {
    immutable: 'Whether the data can no longer be changed.',
    data: 'Keys and their text.',
    binaryData: 'Keys and their bytes, in base64; no key may be in data, too.',
  }],
  Secret: ['Passwords, keys and the like that Pods read as variables or files.', {
    immutable: 'Whether the data can no longer be changed.',
    data: 'Keys and their bytes, in base64.',
    stringData: 'Keys and their text, for writing alone; the server moves them into data.',
    type: 'What the Secret is for, for example kubernetes.io/tls; Opaque unless given.',
  }],
  Event: ['Tells of something that happened to an object; it is removed after a while.', {
    involvedObject: 'The object that it happened to.',
    reason: 'What happened, in one word, for example Scheduled or BackOff.',
    message: 'What happened, in a sentence for people.',
    source: 'Who told of it.',
    firstTimestamp: 'When it first happened.',
    lastTimestamp: 'When it last happened.',
    count: 'How often it happened.',
    type: 'Normal or Warning.',
    eventTime: 'When it first happened, to the microsecond.',
    series: 'Set when it goes on happening.',
    action: 'What was done about the object, in one word.',
    related: 'Another object that has to do with it.',
    reportingComponent: 'The program that tells of it, for example kubelet.',
    reportingInstance: 'Which one of these programs, for example by its node.',
  }],
  EventSource: ['Who told of an event.', {
    component: 'The program, for example kubelet.',
    host: 'The node that the program runs on.',
  }],
  EventSeries: ['An event that goes on happening.', {
    count: 'How often it has happened so far.',
    lastObservedTime: 'When it last happened.',
  }],
  ObjectReference: ['Refers to an object, or to a part of one.', {
    kind: 'The kind of the object.',
    namespace: 'The namespace of the object.',
    name: 'The name of the object.',
    uid: 'The UID of the object.',
    apiVersion: 'The group and version of the object.',
    resourceVersion: 'The resource version of the object that is meant.',
    fieldPath: 'The part that is meant, for example spec.containers{app}.',
  }],
  ServiceAccount: ['An identity that Pods act as towards the API.', {
    secrets: 'Secrets that Pods with this account may mount, when that is limited.',
    imagePullSecrets: 'Secrets with credentials for registries; Pods get them when they name none.',
    automountServiceAccountToken: 'Whether a token is mounted into Pods that do not say it themselves.',
  }],
});
