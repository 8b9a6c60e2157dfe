/** Events (pkg/registry/core/event): one store, two groups that name and check the same fields differently. */
import type { Event } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { FieldError } from '../field-error.ts';
import type { Conversion } from '../registry.ts';
import type { Strategy } from '../strategy.ts';
import { validateCoreEvent, validateEventsEvent, validateEventsEventUpdate } from '../validation/event.ts';

/** Names in events.k8s.io/v1 and in core/v1. */
const renamed: readonly (readonly [events: string, core: string])[] = [
  ['regarding', 'involvedObject'], ['note', 'message'], ['reportingController', 'reportingComponent'], ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'], ['deprecatedLastTimestamp', 'lastTimestamp'], ['deprecatedCount', 'count'],
];
const toCore = new Map(renamed);
const toEvents = new Map(renamed.map(([events, core]) => [core, events]));

function rename(object: KubeObject, names: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
  const members = Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]);
  return { ...Object.fromEntries(members), kind: 'Event', apiVersion, metadata: object.metadata } as KubeObject;
}

export const eventConversion: Conversion = {
  storageVersion: { group: '', version: 'v1', resource: 'events' },
  toStorage: (object) => rename(object, toCore, 'v1'),
  fromStorage: (object) => rename(object, toEvents, 'events.k8s.io/v1'),
};

const collect = (validate: (errors: FieldError[]) => void): FieldError[] => {
  const errors: FieldError[] = [];
  validate(errors);
  return errors;
};
const asEvent = (object: KubeObject): Event => object as unknown as Event;

export const coreEventStrategy: Strategy = {
  validateCreate: (event) => collect((errors) => validateCoreEvent(asEvent(event), 'reportingComponent', errors)),
  validateUpdate: (event) => collect((errors) => validateCoreEvent(asEvent(event), 'reportingComponent', errors)),
  selectableFields,
};

export const eventsEventStrategy: Strategy = {
  validateCreate: (event) => collect((errors) => validateEventsEvent(asEvent(event), errors)),
  validateUpdate: (event, old) => collect((errors) => validateEventsEventUpdate(asEvent(event), asEvent(old), errors)),
  selectableFields,
};

function selectableFields(object: KubeObject): Record<string, string> {
  const { involvedObject, reason = '', reportingComponent, source, type = '' } = asEvent(object);
  const fields: Record<string, string> = { reason, reportingComponent, source: source?.component || reportingComponent, type };
  for (const name of ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const) {
    fields[`involvedObject.${name}`] = involvedObject[name] ?? '';
  }
  return fields;
}
