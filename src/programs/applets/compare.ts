/** cmp and diff. */
import { Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { lines, readInput } from './input.ts';
import { parseOptions, showUsage } from './options.ts';

function* both(process: Process, name: string, paths: readonly string[]): Run<[string, string] | undefined> {
  const texts: string[] = [];
  for (const path of paths) {
    const text = yield* readInput(process, path);
    if (text instanceof Errno) {
      process.complain(`${name}: ${path}: ${text.message}\n`);
      return undefined;
    }
    texts.push(text);
  }
  return [texts[0]!, texts[1]!];
}

export function* cmp(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'lsn:');
  const [left, right = '-'] = options.rest;
  if (left === undefined) return showUsage(process, 'cmp');
  const texts = yield* both(process, 'cmp', [left, right]);
  if (!texts) return 2;
  const [a, b] = texts;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  if (at === a.length && at === b.length) return 0;
  if (options.has('s')) return 1;
  if (at === a.length || at === b.length) process.complain(`cmp: EOF on ${at === a.length ? left : right}\n`);
  else process.print(`${left} ${right} differ: char ${at + 1}, line ${a.slice(0, at).split('\n').length}\n`);
  return 1;
}

type Edit = readonly [kind: ' ' | '-' | '+', line: string];

export function* diff(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'abBdiNqrTstwuU:L:S:');
  const [left, right] = options.rest;
  if (left === undefined || right === undefined) return showUsage(process, 'diff');
  const texts = yield* both(process, 'diff', [left, right]);
  if (!texts) return 2;
  if (texts[0] === texts[1]) return 0;
  if (options.has('q')) {
    process.print(`Files ${left} and ${right} differ\n`);
    return 1;
  }
  const context = Number(options.value('U') ?? '3');
  process.print(`--- ${left}\n+++ ${right}\n`);
  for (const hunk of hunks(edits(lines(texts[0]), lines(texts[1])), context)) process.print(hunk);
  return 1;
}

/** The edits of a longest common subsequence. */
function edits(a: readonly string[], b: readonly string[]): Edit[] {
  const width = b.length + 1;
  // Bounded work: very long files are shown as wholly replaced.
  if (a.length * b.length > 4_000_000) return [...a.map((line): Edit => ['-', line]), ...b.map((line): Edit => ['+', line])];
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const result: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      result.push([' ', a[i++]!]);
      j++;
    } else if (i < a.length && (j >= b.length || lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) result.push(['-', a[i++]!]);
    else result.push(['+', b[j++]!]);
  }
  return result;
}

function hunks(all: readonly Edit[], context: number): string[] {
  const result: string[] = [];
  for (let at = 0; at < all.length;) {
    const first = all.findIndex(([kind], i) => i >= at && kind !== ' ');
    if (first < 0) break;
    let last = first;
    for (let i = first; i < all.length && i - last <= 2 * context; i++) if (all[i]![0] !== ' ') last = i;
    const start = Math.max(at, first - context);
    const end = Math.min(all.length, last + context + 1);
    const before = all.slice(0, start);
    const part = all.slice(start, end);
    const range = (kind: '-' | '+'): string => {
      const skipped = before.filter(([other]) => other === ' ' || other === kind).length;
      const count = part.filter(([other]) => other === ' ' || other === kind).length;
      return `${count === 0 ? skipped : skipped + 1}${count === 1 ? '' : `,${count}`}`;
    };
    result.push(`@@ -${range('-')} +${range('+')} @@\n${part.map(([kind, line]) => `${kind}${line}\n`).join('')}`);
    at = end;
  }
  return result;
}
