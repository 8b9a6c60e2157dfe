/** Indexes of a Job's completions as text: `1,3-5` (pkg/apis/batch/validation: validateIndexesFormat). */
import { quote } from '../../lib/go-format.ts';

/** How many indexes the text names, or what is wrong with it. */
export function parseIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let last: number | undefined;
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if (typeof interval === 'string') return interval;
    const [first, end] = interval;
    if (last !== undefined && last >= first) return notIncreasing(last, first);
    total += end - first + 1;
    last = end;
  }
  return total;
}

const notIncreasing = (previous: number, current: number): string => `non-increasing order, previous: ${previous}, current: ${current}`;

function parseInterval(text: string, completions: number): [first: number, last: number] | string {
  const limits = text.split('-');
  if (limits.length > 2) {
    return `the fragment ${quote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  }
  for (const limit of limits) {
    if (!/^[+]?\d+$/.test(limit)) return `cannot convert string to integer for index: ${quote(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${quote(limit)}`;
  }
  const first = Number(limits[0]);
  const last = Number(limits[1] ?? limits[0]);
  return limits.length === 2 && first >= last ? notIncreasing(first, last) : [first, last];
}

/** The first index that both texts name; what cannot be read names none. */
export function firstOverlap(completed: string, failed: string, completions: number): number | undefined {
  if (completed === '' || failed === '') return undefined;
  const intervals = (text: string) => text.split(',').map((part) => parseInterval(part, completions)).filter((interval) => typeof interval !== 'string');
  const [left, right] = [intervals(completed), intervals(failed)];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const [first, last] = left[i]!;
    const [otherFirst, otherLast] = right[j]!;
    if (first <= otherLast && otherFirst <= last) return Math.max(first, otherFirst);
    if (first <= otherFirst) i++;
    else j++;
  }
  return undefined;
}
