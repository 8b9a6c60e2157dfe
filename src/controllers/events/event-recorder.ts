/**
 * Events about objects, as client-go's recorders write them. There are two: `LegacyEventRecorder` (core/v1; the kubelet
 * and kube-controller-manager) counts repeats in one Event, `SeriesEventRecorder` (events.k8s.io/v1; the scheduler)
 * turns them into a series. Recording never fails and never blocks: what the API refuses is dropped.
 */
import type { KubeObject } from '../../schema/objects.ts';
import type { ObjectReference } from '../../schema/core/v1.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import { printMicroTime } from '../../schema/values/time.ts';

export type EventType = 'Normal' | 'Warning';

export interface EventDetails {
  /** What was being done (events.k8s.io only): `Binding`, `Scheduling`, `Preempting`. */
  readonly action?: string;
  /** A second object (events.k8s.io only). */
  readonly related?: ObjectReference;
  /** Annotations of the Event itself (core/v1 only). */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface EventRecorder {
  /** Records that `reason` happened to `object` (see `referenceTo`). */
  event(object: ObjectReference, type: EventType, reason: string, message: string, details?: EventDetails): void;
  /** Forgets all repeats and cancels its timers. */
  close(): void;
}

/** A reference to an object of the core group as Events carry it. `fieldPath` names a part: `spec.containers{web}`. */
export function referenceTo(kind: string, object: KubeObject, fieldPath?: string): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    apiVersion: object.apiVersion ?? 'v1',
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}

/** The moment of an event in nanoseconds, and the name that is made of it. */
export interface EventMoment {
  readonly micros: number;
  /** 0 … 999, below a microsecond. */
  readonly nanos: number;
}

/**
 * Gives every event of a recorder a moment of its own, so that names never collide. The clock counts milliseconds; what
 * is below is made up: an offset drawn once per recorder, then steps of a microsecond.
 */
export class EventMoments {
  readonly #clock: Clock;
  readonly #offsetMicros: number;
  readonly #nanos: number;
  #last = 0;

  constructor(clock: Clock, random: Prng) {
    this.#clock = clock;
    const offset = random.below(900_000);
    this.#offsetMicros = Math.floor(offset / 1000);
    this.#nanos = offset % 1000;
  }

  next(): EventMoment {
    this.#last = Math.max(this.#clock.now() * 1000 + this.#offsetMicros, this.#last + 1);
    return { micros: this.#last, nanos: this.#nanos };
  }
}

/** `web.18a3f0c2d4e5f607`: client-go's name of an Event (tools/record/util/util.go). */
export function eventName(objectName: string, { micros, nanos }: EventMoment): string {
  return `${objectName}.${(BigInt(micros) * 1000n + BigInt(nanos)).toString(16)}`;
}

/** RFC 3339 with six digits. */
export function microTimeOf({ micros }: EventMoment): string {
  const seconds = Math.floor(micros / 1e6);
  return printMicroTime({ seconds, nanos: (micros - seconds * 1e6) * 1000 });
}
