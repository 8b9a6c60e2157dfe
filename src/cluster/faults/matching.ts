/** Which fault hits a request: the newest rule that matches it and whose turn it is. */
import type { Prng } from '../../lib/prng.ts';
import type { Fault, FaultMatch } from '../../schema/fakelet/fault.ts';
import { fits } from '../rule-pattern.ts';
import type { RequestFacts } from './request-facts.ts';

export interface FaultEntry {
  readonly name: string;
  readonly rule: Fault;
  matched: number;
  hit: number;
}

/** Counts the request with every rule that it gets to. */
export function faultFor(newestFirst: readonly FaultEntry[], facts: RequestFacts, random: Prng): FaultEntry | undefined {
  return newestFirst.find((entry) => concerns(entry.rule.match ?? {}, facts) && isHit(entry, random));
}

/** Is the request one that the rule is about? */
export function concerns(match: FaultMatch, facts: RequestFacts): boolean {
  return (match.from ?? 'clients') === facts.from
    && (match.verbs === undefined || (facts.verb !== undefined && match.verbs.includes(facts.verb)))
    && fits(match.resource, facts.resource) && fits(match.subresource, facts.subresource) && fits(match.namespace, facts.namespace)
    && fits(match.name, facts.name) && fits(match.path, facts.path) && fits(match.userAgent, facts.userAgent)
    && fits(match.fieldManager, facts.fieldManager) && fits(match.user, facts.user);
}

/** Counts a request that the rule is about, and says whether it is hit. */
export function isHit(entry: FaultEntry, random: Prng): boolean {
  const { nth, count = nth === undefined ? Infinity : 1, probability = 1 } = entry.rule;
  entry.matched++;
  if (entry.matched < (nth ?? 1) || entry.hit >= count) return false;
  if (probability < 1 && random.fraction() >= probability) return false;
  entry.hit++;
  return true;
}
