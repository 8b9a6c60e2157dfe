/** How two texts differ, line by line, in busybox's unified form. Pure. */

export interface DiffOptions {
  /** Lines around changes. */
  readonly context: number;
  readonly ignoreCase: boolean;
  /** `some`: runs of white space are all the same (-b); `all`: there is none (-w). */
  readonly ignoreSpace: 'no' | 'some' | 'all';
  readonly ignoreBlankLines: boolean;
  /** Lines that come often are looked at everywhere. */
  readonly minimal: boolean;
}

/** Changed lines, counted from 1, in both texts; a range whose end is before its beginning is empty. */
type Change = readonly [left: Range, right: Range];

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Stands for the end of a text whose last line has no newline. */
const end = '\u{100}';
const spaces = new RegExp(`[ \\t-\\r${end}]+`, 'g');

/** Lines with what ends them. */
export function endedLines(text: string): string[] {
  return (text.endsWith('\n') || text === '' ? text : text + end).match(/[^\n]*(?:\n|$)/g)!.slice(0, -1);
}

/** What two lines must share to count as the same. */
function key(line: string, { ignoreCase, ignoreSpace }: DiffOptions): string {
  const text = ignoreCase ? line.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : line;
  return ignoreSpace === 'no' ? text : text.replace(spaces, ignoreSpace === 'all' ? '' : ' ');
}

/** Groups of changes that are near each other, each with the lines around it; none when the texts do not differ. */
export function hunks(left: readonly string[], right: readonly string[], options: DiffOptions): string[][] {
  const texts = [left, right];
  const near = 2 * options.context + 1;
  const groups: Change[][] = [];
  for (const change of changes(left.map((line) => key(line, options)), right.map((line) => key(line, options)), options.minimal)) {
    const last = groups.at(-1)?.at(-1);
    if (last && !change.every(({ first }, side) => first > last[side]!.last + near)) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  const isBlank = (change: Change): boolean => change.every(({ first, last }, side) => texts[side]!.slice(first - 1, last).every((line) => line === '\n'));
  return groups.filter((group) => !options.ignoreBlankLines || !group.every(isBlank)).map((group) => hunk(left, right, group, options.context));
}

/** One hunk: its head, then lines with their marks. */
function hunk(left: readonly string[], right: readonly string[], group: readonly Change[], context: number): string[] {
  const spans = ([left, right] as const).map((text, side) => ({
    first: Math.max(1, group[0]![side]!.first - context), last: Math.min(text.length, group.at(-1)![side]!.last + context),
  }));
  const [from, to] = spans.map(({ first, last }) => `${Math.min(first, last)}${first === last ? '' : `,${Math.max(0, last - first + 1)}`}`);
  const result = [`@@ -${from} +${to} @@`];
  let at = spans[0]!.first;
  for (const [gone, come] of group) {
    for (const line of left.slice(at - 1, gone.first - 1)) result.push(` ${line}`);
    for (const line of left.slice(gone.first - 1, gone.last)) result.push(`-${line}`);
    for (const line of right.slice(come.first - 1, come.last)) result.push(`+${line}`);
    at = gone.last + 1;
  }
  for (const line of left.slice(at - 1, spans[0]!.last)) result.push(` ${line}`);
  return result;
}

/** A line of a hunk as it is printed. */
export function printed(line: string, initialTab: boolean, expandTabs: boolean): string {
  if (line.startsWith('@@')) return `${line}\n`;
  let text = line.slice(1);
  if (expandTabs) for (let at = text.indexOf('\t'); at >= 0; at = text.indexOf('\t')) text = text.slice(0, at).padEnd((at | 7) + 1) + text.slice(at + 1);
  return `${line[0]}${initialTab ? '\t' : ''}${text.endsWith(end) ? `${text.slice(0, -1)}\n\\ No newline at end of file\n` : text}`;
}

/** What lies between the lines that were matched. */
function changes(left: readonly string[], right: readonly string[], minimal: boolean): Change[] {
  const partners = match(left, right, minimal);
  const result: Change[] = [];
  let done = 0;
  let doneRight = 0;
  for (let at = 1; at <= left.length + 1; at++) {
    const partner = at > left.length ? right.length + 1 : partners[at]!;
    if (partner === 0) continue;
    if (at > done + 1 || partner > doneRight + 1) result.push([{ first: done + 1, last: at - 1 }, { first: doneRight + 1, last: partner - 1 }]);
    done = at;
    doneRight = partner;
  }
  return result;
}

/** A pair of lines at the end of a chain of pairs. */
interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly before: Candidate | undefined;
}

/**
 * The line of `right` for each of `left`, 0 for none, by the algorithm of Hunt and McIlroy (diff.c stone): lines that come
 * often are tried `bound` times only, so that which of several longest sequences it finds is busybox's choice.
 */
function match(left: readonly string[], right: readonly string[], minimal: boolean): Uint32Array {
  const partners = new Uint32Array(left.length + 1);
  let prefix = 0;
  while (prefix < left.length && prefix < right.length && left[prefix] === right[prefix]) partners[++prefix] = prefix;
  let suffix = 0;
  while (suffix < Math.min(left.length, right.length) - prefix && left.at(-1 - suffix) === right.at(-1 - suffix)) partners[left.length - suffix] = right.length - suffix++;
  const places = new Map<string, number[]>();
  for (let y = prefix + 1; y <= right.length - suffix; y++) {
    const same = places.get(right[y - 1]!);
    if (same) same.push(y);
    else places.set(right[y - 1]!, [y]);
  }
  const middle = left.length - prefix - suffix;
  const bound = minimal ? Infinity : Math.max(256, Math.floor(Math.sqrt(middle)));
  const chains: (Candidate | undefined)[] = [undefined];
  for (let x = prefix + 1; x <= prefix + middle; x++) extend(chains, x, places.get(left[x - 1]!) ?? [], bound);
  for (let pair = chains.at(-1); pair; pair = pair.before) partners[pair.x] = pair.y;
  return partners;
}

/** `chains[k]` ends the chain of k pairs whose last line of `right` comes first. */
function extend(chains: (Candidate | undefined)[], x: number, places: readonly number[], bound: number): void {
  let tries = 0;
  let before = chains[0];
  let last = 0;
  for (const y of places) {
    if (tries >= bound) return;
    if (y <= (before?.y ?? 0)) continue;
    const length = search(chains, y);
    if (length !== last + 1) before = chains[length - 1];
    const there = chains[length];
    if (there && there.y <= y) continue;
    chains[length] = { x, y, before };
    if (!there) return;
    before = there;
    last = length;
    tries++;
  }
}

/** The length of the chain that a pair with `y` would end. */
function search(chains: readonly (Candidate | undefined)[], y: number): number {
  let low = 0;
  let high = chains.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const there = chains[middle]!.y;
    if (there === y) return middle;
    if (there < y) low = middle;
    else high = middle;
  }
  return low + 1;
}
