/** cmp. */
import { Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { readInput } from './input.ts';
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
