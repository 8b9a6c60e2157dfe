/** Rows of Nodes and of Events in both their API groups. */
import type { Event, Node } from '../../schema/core/v1.ts';
import type { Event as EventsEvent } from '../../schema/events/v1.ts';
import { age, ageOf, nameOf, orNone, printer, sortedSet, type Cell, type Loose, type Printers } from './cells.ts';

export const nodePrinters: Printers = {
  '/Node': printer<Node>((node, now) => {
    const info = node.status?.nodeInfo;
    const kernel = info?.kernelVersion || '<unknown>';
    return [
      nameOf(node), nodeStatus(node), nodeRoles(node), ageOf(node, now), info?.kubeletVersion ?? '',
      address(node, 'InternalIP'), address(node, 'ExternalIP'), info?.osImage || '<unknown>',
      info?.architecture ? `${kernel} (${info.architecture})` : kernel, info?.containerRuntimeVersion || '<unknown>',
    ];
  }),
};

export const eventPrinters: Printers = {
  '/Event': printer<Event>(eventCells),
  'events.k8s.io/Event': printer<EventsEvent>((event, now) => eventCells(asCoreEvent(event), now)),
};

function nodeStatus({ spec, status }: Loose<Node>): string {
  const ready = status?.conditions?.findLast((condition) => condition.type === 'Ready');
  const text = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${text},SchedulingDisabled` : text;
}

function nodeRoles(node: Loose<Node>): string {
  const rolePrefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(node.metadata?.labels ?? {}).map(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length);
    return key === 'kubernetes.io/role' ? value : '';
  });
  return orNone(sortedSet(roles.filter((role): role is string => !!role)).join(','));
}

function address(node: Loose<Node>, type: string): string {
  return orNone(node.status?.addresses?.find((candidate) => candidate.type === type)?.address);
}

function eventCells(event: Loose<Event>, now: number): Cell[] {
  const firstSeen = age(event.firstTimestamp ?? event.eventTime, now);
  let lastSeen = event.lastTimestamp ? age(event.lastTimestamp, now) : firstSeen;
  let count = event.count || 1;
  if (event.series) {
    lastSeen = age(event.series.lastObservedTime, now);
    count = event.series.count ?? 0;
  }
  const { kind = '', name, fieldPath } = event.involvedObject ?? {};
  const target = (kind ?? '').toLowerCase();
  return [
    lastSeen, event.type ?? '', event.reason ?? '', name ? `${target}/${name}` : target, fieldPath ?? '', eventSource(event),
    (event.message ?? '').trim(), firstSeen, count, nameOf(event),
  ];
}

function eventSource(event: Loose<Event>): string {
  const component = event.source?.component || (event.reportingComponent ?? '');
  const instance = event.source?.host || event.reportingInstance;
  return instance ? `${component}, ${instance}` : component;
}

/** An event of events.k8s.io under the names that core gives to its parts. */
function asCoreEvent(event: Loose<EventsEvent>): Loose<Event> {
  return {
    ...event,
    involvedObject: event.regarding ?? {},
    message: event.note ?? '',
    source: event.deprecatedSource ?? {},
    reportingComponent: event.reportingController ?? '',
    firstTimestamp: event.deprecatedFirstTimestamp ?? null,
    lastTimestamp: event.deprecatedLastTimestamp ?? null,
    count: event.deprecatedCount ?? 0,
  } as Loose<Event>;
}
