/** core/v1 events as the kubelet and kube-controller-manager write them (client-go tools/record). */
import type { ObjectReference } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ApiPort, Outcome } from '../../api/port.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import { formatTime } from '../../schema/values/time.ts';
import { EventCorrelator, type Correlated } from './event-correlator.ts';
import { EventMoments, eventName, type EventDetails, type EventRecorder, type EventType } from './event-recorder.ts';

/** Who reports: `kubelet` on a host, `node-controller` on none. */
export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

/** What an Event is to tell. */
interface Happening {
  readonly object: ObjectReference;
  readonly type: EventType;
  readonly reason: string;
  readonly lastTimestamp: string;
  readonly details: EventDetails;
}

/** Objects without a namespace report to the default one. */
const namespaceOf = ({ namespace }: ObjectReference): string => namespace || 'default';

export class LegacyEventRecorder implements EventRecorder {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #source: EventSource;
  readonly #moments: EventMoments;
  /** Most recorders of a small cluster never report. */
  #correlator: EventCorrelator | undefined;

  constructor(port: ApiPort, clock: Clock, random: Prng, source: EventSource) {
    this.#port = port;
    this.#clock = clock;
    this.#source = source;
    this.#moments = new EventMoments(clock, random);
  }

  event(object: ObjectReference, type: EventType, reason: string, message: string, details: EventDetails = {}): void {
    const now = this.#clock.now();
    const name = eventName(object.name ?? '', this.#moments.next());
    const correlated = (this.#correlator ??= new EventCorrelator()).correlate({ object, type, reason, message, name }, now);
    if (!correlated) return;
    const lastTimestamp = formatTime(now);
    const create = (): void => this.#create(this.#eventObject({ object, type, reason, lastTimestamp, details }, correlated));
    if (correlated.count === 1) create();
    else this.#raiseCount(namespaceOf(object), lastTimestamp, correlated, create);
  }

  close(): void {
    this.#correlator = undefined;
  }

  #create(event: KubeObject): void {
    this.#port.submit({ verb: 'record', resource: 'events', namespace: event.metadata.namespace ?? '', object: event });
  }

  /** `create` makes an Event that has expired anew, with its count. */
  #raiseCount(namespace: string, lastTimestamp: string, { name, count, message }: Correlated, create: () => void): void {
    this.#port.submit({ verb: 'repeat', resource: 'events', namespace, name, repetition: { count, lastTimestamp, message } }, (outcome: Outcome) => {
      if (!outcome.ok && outcome.status.code === 404) create();
    });
  }

  #eventObject({ object, type, reason, lastTimestamp, details }: Happening, correlated: Correlated): KubeObject {
    const { component, host } = this.#source;
    return {
      kind: 'Event', apiVersion: 'v1',
      metadata: {
        name: correlated.name,
        namespace: namespaceOf(object),
        ...(details.annotations ? { annotations: { ...details.annotations } } : {}),
      },
      involvedObject: object,
      reason,
      message: correlated.message,
      source: { component, ...(host === undefined ? {} : { host }) },
      firstTimestamp: formatTime(correlated.firstAt),
      lastTimestamp,
      count: correlated.count,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }
}
