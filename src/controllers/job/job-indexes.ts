/** Completion indexes of Jobs: sets of them as `0,2-5,9`, and what Pods say of theirs (pkg/controller/job/indexed_job_utils.go). Pure. */
import type { Pod } from '../../schema/core/v1.ts';

interface Interval { readonly first: number; readonly last: number }

/** A set of indexes: intervals in order that do not touch. */
export type Indexes = readonly Interval[];

export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count';
export const ignoredCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** Reads `0,2-5,9`, leaving out what is not below `completions` and what is no interval. */
export function parseIndexes(text: string | undefined | null, completions: number): Indexes {
  const intervals: Interval[] = [];
  for (const part of text ? text.split(',') : []) {
    const [first = NaN, last = first] = part.split('-').map((word) => (/^\d+$/.test(word) ? Number(word) : NaN));
    if (first >= completions) break;
    if (!Number.isNaN(first) && !Number.isNaN(last)) intervals.push({ first, last: Math.min(last, completions - 1) });
  }
  return union(intervals, []);
}

/** `0,2-5,9`; two neighbours are not worth a dash. */
export function printIndexes(indexes: Indexes): string {
  return indexes.map(({ first, last }) => (first === last ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`)).join(',');
}

export function union(a: Indexes, b: Indexes): Indexes {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of [...a, ...b].sort((x, y) => x.first - y.first)) {
    const before = merged.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

export function withIndexes(indexes: Indexes, more: Iterable<number>): Indexes {
  return union(indexes, [...more].map((index) => ({ first: index, last: index })));
}

export function countIndexes(indexes: Indexes): number {
  return indexes.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

export function hasIndex(indexes: Indexes, index: number): boolean {
  return indexes.some(({ first, last }) => first <= index && index <= last);
}

/** The number of indexes that are in both. */
export function countCommon(a: Indexes, b: Indexes): number {
  return countIndexes(a) + countIndexes(b) - countIndexes(union(a, b));
}

/** The first indexes below `completions` that are not taken. */
export function firstFree(taken: Indexes, count: number, completions: number): number[] {
  const free: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && free.length < count; candidate++) free.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  return free;
}

/** The completion index that the Pod's annotation gives; undefined without a valid one. */
export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[indexAnnotation];
  return text !== undefined && /^\+?\d+$/.test(text) ? Number(text) : undefined;
}

function count({ metadata }: Pod, annotation: string): number {
  const text = metadata.annotations?.[annotation];
  const value = text !== undefined && /^\+?\d+$/.test(text) ? Number(text) : 0;
  return value < 2 ** 31 ? value : 0;
}

/** How many Pods of the index had failed before this one. */
export const failureCount = (pod: Pod): number => count(pod, failureCountAnnotation);
export const ignoredFailureCount = (pod: Pod): number => count(pod, ignoredCountAnnotation);
