/**
 * The difference of two texts as upstream shows it in "may not change" errors: unified, three lines of context. Matching
 * follows Python's difflib, which upstream uses: the longest common block first, then what is left and right of it.
 */
const contextLines = 3;

type Operation = 'equal' | 'replace';
interface Block {
  readonly operation: Operation;
  readonly a: readonly [start: number, end: number];
  readonly b: readonly [start: number, end: number];
}

/** The difference between the indented JSON of two values; empty when there is none. */
export function diffOfJson(a: unknown, b: unknown): string {
  return unifiedDiff(JSON.stringify(a, null, 1).split('\n'), JSON.stringify(b, null, 1).split('\n'));
}

function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  return hunksOf(blocksOf(a, b)).map((hunk) => hunkText(hunk, a, b)).join('');
}

function hunkText(hunk: readonly Block[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [hunk[0]!, hunk.at(-1)!];
  const lines = [`@@ -${rangeText(first.a[0], last.a[1])} +${rangeText(first.b[0], last.b[1])} @@`];
  for (const block of hunk) {
    if (block.operation === 'equal') lines.push(...a.slice(...block.a).map((line) => ` ${line}`));
    else lines.push(...a.slice(...block.a).map((line) => `-${line}`), ...b.slice(...block.b).map((line) => `+${line}`));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function rangeText(start: number, end: number): string {
  const length = end - start;
  if (length === 1) return `${start + 1}`;
  return `${length === 0 ? start : start + 1},${length}`;
}

/** Groups of changes with their context; long stretches without change separate them. */
function hunksOf(blocks: readonly Block[]): Block[][] {
  const hunks: Block[][] = [];
  let hunk: Block[] = [];
  blocks.forEach((block, i) => {
    if (block.operation !== 'equal') {
      hunk.push(block);
      return;
    }
    const length = block.a[1] - block.a[0];
    const [isFirst, isLast] = [i === 0, i === blocks.length - 1];
    if (!isFirst && !isLast && length <= 2 * contextLines) {
      hunk.push(block);
      return;
    }
    if (!isFirst) hunks.push([...hunk, part(block, 0, Math.min(length, contextLines))]);
    hunk = isLast ? [] : [part(block, Math.max(0, length - contextLines), length)];
  });
  if (hunk.some((block) => block.operation !== 'equal')) hunks.push(hunk);
  return hunks;
}

const part = (block: Block, from: number, to: number): Block => ({
  operation: 'equal', a: [block.a[0] + from, block.a[0] + to], b: [block.b[0] + from, block.b[0] + to],
});

function blocksOf(a: readonly string[], b: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let [atA, atB] = [0, 0];
  for (const [i, j, size] of matchesOf(a, b)) {
    if (i > atA || j > atB) blocks.push({ operation: 'replace', a: [atA, i], b: [atB, j] });
    if (size > 0) blocks.push({ operation: 'equal', a: [i, i + size], b: [j, j + size] });
    [atA, atB] = [i + size, j + size];
  }
  return blocks;
}

type Match = [i: number, j: number, size: number];

/** Matching blocks in order, neighbours joined, ending with an empty one at the end of both. */
function matchesOf(a: readonly string[], b: readonly string[]): Match[] {
  const places = new Map<string, number[]>();
  b.forEach((line, j) => places.set(line, [...(places.get(line) ?? []), j]));
  // difflib ignores lines that are too common in long texts.
  if (b.length >= 200) for (const [line, at] of places) if (at.length > Math.floor(b.length / 100) + 1) places.delete(line);
  const found: Match[] = [];
  const ranges: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let range = ranges.pop(); range; range = ranges.pop()) {
    const [lowA, highA, lowB, highB] = range;
    const [i, j, size] = longestMatch(a, b, places, range);
    if (size === 0) continue;
    found.push([i, j, size]);
    if (lowA < i && lowB < j) ranges.push([lowA, i, lowB, j]);
    if (i + size < highA && j + size < highB) ranges.push([i + size, highA, j + size, highB]);
  }
  found.sort((x, y) => x[0] - y[0]);
  const joined: Match[] = [];
  for (const match of found) {
    const before = joined.at(-1);
    if (before && before[0] + before[2] === match[0] && before[1] + before[2] === match[1]) before[2] += match[2];
    else joined.push(match);
  }
  return [...joined, [a.length, b.length, 0]];
}

function longestMatch(
  a: readonly string[], b: readonly string[], places: ReadonlyMap<string, readonly number[]>,
  [lowA, highA, lowB, highB]: readonly [number, number, number, number],
): Match {
  let [bestI, bestJ, bestSize] = [lowA, lowB, 0];
  let lengths = new Map<number, number>();
  for (let i = lowA; i < highA; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i]!) ?? []) {
      if (j < lowB || j >= highB) continue;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > bestSize) [bestI, bestJ, bestSize] = [i - size + 1, j - size + 1, size];
    }
    lengths = next;
  }
  while (bestI > lowA && bestJ > lowB && a[bestI - 1] === b[bestJ - 1]) [bestI, bestJ, bestSize] = [bestI - 1, bestJ - 1, bestSize + 1];
  while (bestI + bestSize < highA && bestJ + bestSize < highB && a[bestI + bestSize] === b[bestJ + bestSize]) bestSize++;
  return [bestI, bestJ, bestSize];
}
