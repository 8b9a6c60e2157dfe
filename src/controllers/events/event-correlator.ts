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
interface Aggregate { messages: Set<string>; lastAt: Millis }

/** The memory of one recorder. The source is the same for all its events, so keys leave it out. */
export class EventCorrelator {
  readonly #spam = new RecentMap<SpamRecord>(entriesMax);
  readonly #aggregates = new RecentMap<Aggregate>(entriesMax);
  readonly #seen = new RecentMap<{ name: string; count: number; firstAt: Millis }>(entriesMax);

  /** What to write for this occurrence: count 1 asks for a new Event, more for a patch. Undefined: drop it. */
  correlate(occurrence: Occurrence, now: Millis): Correlated | undefined {
    const aggregated = this.#aggregate(occurrence, now);
    const before = this.#seen.get(aggregated.key);
    const name = before?.name ?? occurrence.name;
    const count = (before?.count ?? 0) + 1;
    const firstAt = before?.firstAt ?? now;
    this.#seen.set(aggregated.key, { name, count, firstAt });
    if (!this.#admit(occurrence, now)) return undefined;
    return { name, message: aggregated.message, count, firstAt };
  }

  clear(): void {
    this.#spam.clear();
    this.#aggregates.clear();
    this.#seen.clear();
  }

  #aggregate(occurrence: Occurrence, now: Millis): { key: string; message: string } {
    const { object, type, reason, message } = occurrence;
    const aggregateKey = `${objectKey(object)}|${type}|${reason}`;
    let aggregate = this.#aggregates.get(aggregateKey);
    if (!aggregate || now - aggregate.lastAt > aggregationIntervalMs) aggregate = { messages: new Set(), lastAt: now };
    aggregate.messages.add(message);
    aggregate.lastAt = now;
    this.#aggregates.set(aggregateKey, aggregate);
    if (aggregate.messages.size < differentMessagesMax) {
      return { key: `${aggregateKey}|${object.fieldPath ?? ''}|${message}`, message };
    }
    for (const oldest of aggregate.messages) {
      aggregate.messages.delete(oldest);
      break;
    }
    return { key: aggregateKey, message: `(combined from similar events): ${message}` };
  }

  #admit({ object, type }: Occurrence, now: Millis): boolean {
    const key = `${objectKey(object)}|${type}`;
    const before = this.#spam.get(key) ?? { tokens: spamBurst, refilledAt: now };
    const tokens = Math.min(spamBurst, before.tokens + (now - before.refilledAt) / spamRefillMs);
    const admitted = tokens >= 1;
    this.#spam.set(key, { tokens: admitted ? tokens - 1 : tokens, refilledAt: now });
    return admitted;
  }
}

const objectKey = ({ kind, namespace, name, uid, apiVersion }: ObjectReference): string =>
  `${kind ?? ''}|${namespace ?? ''}|${name ?? ''}|${uid ?? ''}|${apiVersion ?? ''}`;
