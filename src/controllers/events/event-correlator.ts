/**
 * Decides what becomes of a core/v1 event: a new object, a higher count on an old one, or nothing.
 * Upstream: client-go tools/record/events_cache.go (aggregation, counting and the spam filter, in that order).
 */
import type { ObjectReference } from '../../schema/core/v1.ts';
import type { Millis } from '../../clock/clock.ts';
import { RecentMap } from './recent-map.ts';

/** From this many different messages of one reason within the interval on, events are combined. */
const differentMessagesMax = 10;
const aggregationIntervalMs = 600_000;
/** Each source may burst this many events of a type about an object; one more is granted every five minutes. */
const spamBurst = 25;
const spamRefillMs = 300_000;
const entriesMax = 4096;

/** What happened, before it is correlated. */
export interface Occurrence {
  readonly object: ObjectReference;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** The name to use should this become a new object. */
  readonly name: string;
}

export interface Correlated {
  readonly name: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: Millis;
}

interface SpamRecord { tokens: number; refilledAt: Millis }
interface Aggregate { readonly messages: string[]; lastAt: Millis }

/** The memory of one recorder. The source is the same for all its events, so keys leave it out. */
export class EventCorrelator {
  readonly #spam = new RecentMap<SpamRecord>(entriesMax);
  readonly #aggregates = new RecentMap<Aggregate>(entriesMax);
  readonly #seen = new RecentMap<{ name: string; count: number; firstAt: Millis }>(entriesMax);

  /** What to write for this occurrence: count 1 asks for a new Event, more for a patch. Undefined: drop it. */
  correlate(occurrence: Occurrence, now: Millis): Correlated | undefined {
    const about = `${objectKey(occurrence.object)}|${occurrence.type}`;
    const { key, message } = this.#aggregate(`${about}|${occurrence.reason}`, occurrence, now);
    let seen = this.#seen.get(key);
    if (!seen) this.#seen.set(key, seen = { name: occurrence.name, count: 0, firstAt: now });
    seen.count++;
    if (!this.#admit(about, now)) return undefined;
    return { name: seen.name, message, count: seen.count, firstAt: seen.firstAt };
  }

  #aggregate(aggregateKey: string, { object, message }: Occurrence, now: Millis): { key: string; message: string } {
    let aggregate = this.#aggregates.get(aggregateKey);
    if (!aggregate || now - aggregate.lastAt > aggregationIntervalMs) {
      this.#aggregates.set(aggregateKey, aggregate = { messages: [], lastAt: now });
    }
    if (!aggregate.messages.includes(message)) aggregate.messages.push(message);
    aggregate.lastAt = now;
    if (aggregate.messages.length < differentMessagesMax) {
      return { key: `${aggregateKey}|${object.fieldPath ?? ''}|${message}`, message };
    }
    aggregate.messages.shift();
    return { key: aggregateKey, message: `(combined from similar events): ${message}` };
  }

  #admit(about: string, now: Millis): boolean {
    let record = this.#spam.get(about);
    if (!record) this.#spam.set(about, record = { tokens: spamBurst, refilledAt: now });
    record.tokens = Math.min(spamBurst, record.tokens + (now - record.refilledAt) / spamRefillMs);
    record.refilledAt = now;
    if (record.tokens < 1) return false;
    record.tokens--;
    return true;
  }
}

/** A uid is enough to tell an object from all others; keys are many, so they are kept short. */
const objectKey = ({ kind, namespace, name, uid, apiVersion }: ObjectReference): string =>
  uid ? `${kind}|${uid}` : `${kind ?? ''}|${namespace ?? ''}|${name ?? ''}|${apiVersion ?? ''}`;
