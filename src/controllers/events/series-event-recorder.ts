/**
 * events.k8s.io/v1 events as the scheduler writes them (client-go tools/events/event_broadcaster.go).
 *
 * The second occurrence turns the first Event into a series of two; later ones only count in memory, and what was
 * counted is written every 30 minutes and when the series has been silent for 6. Occurrences are the same when all but
 * the note is: also the resource version of the object, which is why a second FailedScheduling, after the status patch
 * of the first, is a new Event (golden pods/183-sched-cpu-too-big). Events are sent in their stored form, core/v1.
 */
import type { ObjectReference } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ApiPort } from '../../api/port.ts';
import type { Clock, Millis, Timer } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import { formatMicroTime } from '../../schema/values/time.ts';
import { EventMoments, eventName, microTimeOf, type EventDetails, type EventRecorder, type EventType } from './event-recorder.ts';

const resource = 'events.events.k8s.io';
const finishMs = 360_000;
/** Every fifth look also writes the series that go on. */
const looksPerRefresh = 5;

interface Recorded {
  readonly event: KubeObject;
  count: number;
  lastAt: Millis;
}

export class SeriesEventRecorder implements EventRecorder {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #reportingController: string;
  readonly #reportingInstance: string;
  readonly #moments: EventMoments;
  readonly #startedAt: Millis;
  readonly #recorded = new Map<string, Recorded>();
  #look: Timer | undefined;

  /** `host` is the name of the machine the component runs on. */
  constructor(port: ApiPort, clock: Clock, random: Prng, component: string, host: string) {
    this.#port = port;
    this.#clock = clock;
    this.#reportingController = component;
    this.#reportingInstance = `${component}-${host}`;
    this.#moments = new EventMoments(clock, random);
    this.#startedAt = clock.now();
  }

  event(object: ObjectReference, type: EventType, reason: string, message: string, details: EventDetails = {}): void {
    const { action = '', related } = details;
    const key = JSON.stringify([type, action, reason, object, related]);
    const before = this.#recorded.get(key);
    if (before) {
      before.count++;
      before.lastAt = this.#clock.now();
      if (before.count === 2) this.#writeSeries(before);
      return;
    }
    const moment = this.#moments.next();
    const event: KubeObject = {
      kind: 'Event', apiVersion: 'v1',
      metadata: { name: eventName(object.name ?? '', moment), namespace: object.namespace || 'default' },
      involvedObject: object,
      reason,
      message,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type,
      eventTime: microTimeOf(moment),
      action,
      ...(related ? { related } : {}),
      reportingComponent: this.#reportingController,
      reportingInstance: this.#reportingInstance,
    };
    this.#recorded.set(key, { event, count: 1, lastAt: this.#clock.now() });
    this.#create(event);
    this.#armLook();
  }

  close(): void {
    if (this.#look) this.#clock.cancel(this.#look);
    this.#look = undefined;
    this.#recorded.clear();
  }

  #create(event: KubeObject): void {
    this.#port.submit({ verb: 'record', resource, namespace: event.metadata.namespace ?? '', object: event });
  }

  #writeSeries({ event, count, lastAt }: Recorded): void {
    const series = { count, lastObservedTime: formatMicroTime(lastAt) };
    const { namespace = '', name = '' } = event.metadata;
    this.#port.submit({ verb: 'patch', resource, namespace, name, patchType: 'strategic', patch: { series } }, (outcome) => {
      if (!outcome.ok && outcome.status.code === 404) this.#create({ ...event, series });
    });
  }

  /** Looks are at fixed moments from the start on, but only while something is remembered. */
  #armLook(): void {
    if (this.#look) return;
    const sinceLook = (this.#clock.now() - this.#startedAt) % finishMs;
    this.#look = this.#clock.after(finishMs - sinceLook, `${this.#reportingController}: finish event series`, () => this.#finishSeries());
  }

  #finishSeries(): void {
    const now = this.#clock.now();
    const refresh = Math.round((now - this.#startedAt) / finishMs) % looksPerRefresh === 0;
    for (const [key, recorded] of this.#recorded) {
      const finished = recorded.lastAt < now - finishMs;
      if (recorded.count > 1 && (finished || refresh)) this.#writeSeries(recorded);
      if (finished) this.#recorded.delete(key);
    }
    this.#look = undefined;
    if (this.#recorded.size > 0) this.#armLook();
  }
}
