/** Events (pkg/apis/core/validation/events.go). All functions take the stored form, core/v1. */
import { Event as EventType, type Event } from '../../schema/core/v1.ts';
import { equal } from '../../lib/json.ts';
import { invalid, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { nameIsDNSSubdomain, nameIsDNSSubdomainPrefix, dns1123Subdomain, qualifiedName } from './names.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts';
import { invalidForEach, validateImmutable } from './rules.ts';

const shortBytesMax = 128;
const messageBytesMax = 1024;
const mismatch = 'does not match event.namespace';

/** What both groups demand. `controllerField` is the name of reportingComponent in the group asked. */
export function validateCoreEvent(event: Event, controllerField: string, errors: FieldError[]): void {
  const namespace = event.metadata.namespace ?? '';
  const involved = event.involvedObject.namespace ?? '';
  const wrongNamespace = () => errors.push(invalid('involvedObject.namespace', involved, mismatch));
  if (!event.eventTime) {
    if (involved === '' ? namespace !== '' && namespace !== 'default' : involved !== namespace) wrongNamespace();
  } else {
    if (involved === '' && namespace !== 'default' && namespace !== 'kube-system') wrongNamespace();
    validateReporter(event, controllerField, errors);
  }
  invalidForEach(dns1123Subdomain(namespace), namespace, 'namespace', errors);
}

function validateReporter(event: Event, controllerField: string, errors: FieldError[]): void {
  if (!event.reportingComponent) errors.push(required(controllerField));
  invalidForEach(qualifiedName(event.reportingComponent ?? ''), event.reportingComponent ?? '', controllerField, errors);
  for (const member of ['reportingInstance', 'action', 'reason'] as const) {
    const value = event[member] ?? '';
    if (value === '') errors.push(required(member));
    atMost(value, shortBytesMax, member, errors);
  }
  atMost(event.message ?? '', messageBytesMax, 'message', errors);
}

/** Upstream prints no value. */
function atMost(value: string, bytesMax: number, path: string, errors: FieldError[]): void {
  if (Buffer.byteLength(value) > bytesMax) errors.push(invalid(path, '', `can have at most ${bytesMax} characters`));
}

/** A new event of events.k8s.io/v1. */
export function validateEventsEvent(event: Event, errors: FieldError[]): void {
  validateCoreEvent(event, 'reportingController', errors);
  validateObjectMeta(event.metadata, { namespaced: true, name: nameIsDNSSubdomain, generateName: nameIsDNSSubdomainPrefix }, errors);
  validateSeries(event, errors);
  if (!event.eventTime) errors.push(required('eventTime'));
  if (event.type !== 'Normal' && event.type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${event.type ?? ''}`));
  const unset = (path: string, isSet: boolean) => {
    if (isSet) errors.push(invalid(path, '', 'needs to be unset'));
  };
  unset('firstTimestamp', !!event.firstTimestamp);
  unset('lastTimestamp', !!event.lastTimestamp);
  unset('count', !!event.count);
  unset('source', !!event.source?.component || !!event.source?.host);
}

function validateSeries({ series }: Event, errors: FieldError[]): void {
  if (!series) return;
  if ((series.count ?? 0) < 2) errors.push(invalid('series.count', '', 'should be at least 2'));
  if (!series.lastObservedTime) errors.push(required('series.lastObservedTime'));
}

/** A change through events.k8s.io/v1: nothing but the series may change. */
export function validateEventsEventUpdate(event: Event, old: Event, errors: FieldError[]): void {
  validateCoreEvent(event, 'reportingController', errors);
  validateObjectMetaUpdate(event.metadata, old.metadata, errors);
  if (!equal(event.series, old.series)) validateSeries(event, errors);
  const now = internalForm(EventType, event) as Members;
  const before = internalForm(EventType, old) as Members;
  for (const member of immutableMembers) {
    validateImmutable(now[member], before[member], member.slice(0, 1).toLowerCase() + member.slice(1), errors);
  }
}

type Members = Readonly<Record<string, unknown>>;

/** Internal names, in upstream's order. */
const immutableMembers = ['InvolvedObject', 'Reason', 'Message', 'Source', 'FirstTimestamp', 'LastTimestamp', 'Count', 'Reason', 'Type', 'EventTime',
  'Action', 'Related', 'ReportingController', 'ReportingInstance'];
