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

export class LegacyEventRecorder implements EventRecorder {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #source: EventSource;
  readonly #moments: EventMoments;
  readonly #correlator = new EventCorrelator();

  constructor(port: ApiPort, clock: Clock, random: Prng, source: EventSource) {
    this.#port = port;
    this.#clock = clock;
    this.#source = source;
    this.#moments = new EventMoments(clock, random);
  }

  event(object: ObjectReference, type: EventType, reason: string, message: string, details: EventDetails = {}): void {
    const now = this.#clock.now();
    const name = eventName(object.name ?? '', this.#moments.next());
    const correlated = this.#correlator.correlate({ object, type, reason, message, name }, now);
    if (!correlated) return;
    const event = this.#eventObject(object, type, reason, correlated, details);
    if (correlated.count === 1) this.#create(event);
    else this.#raiseCount(event, correlated);
  }

  close(): void {
    this.#correlator.clear();
  }

  #create(event: KubeObject): void {
    this.#port.submit({ verb: 'record', resource: 'events', namespace: event.metadata.namespace ?? '', object: event });
  }

  #raiseCount(event: KubeObject, { name, count, message }: Correlated): void {
    const repetition = { count, lastTimestamp: formatTime(this.#clock.now()), message };
    const namespace = event.metadata.namespace ?? '';
    this.#port.submit({ verb: 'repeat', resource: 'events', namespace, name, repetition }, (outcome: Outcome) => {
      if (!outcome.ok && outcome.status.code === 404) this.#create(event);
    });
  }

  #eventObject(object: ObjectReference, type: EventType, reason: string, correlated: Correlated, details: EventDetails): KubeObject {
    const { component, host } = this.#source;
    return {
      kind: 'Event', apiVersion: 'v1',
      metadata: {
        name: correlated.name,
        // Objects without a namespace report to the default one.
        namespace: object.namespace || 'default',
        ...(details.annotations ? { annotations: { ...details.annotations } } : {}),
      },
      involvedObject: object,
      reason,
      message: correlated.message,
      source: { component, ...(host === undefined ? {} : { host }) },
      firstTimestamp: formatTime(correlated.firstAt),
      lastTimestamp: formatTime(this.#clock.now()),
      count: correlated.count,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }
}
