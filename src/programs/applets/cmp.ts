/** cmp. */
import { Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { readInput } from './input.ts';
import { parseOptions, showUsage } from './options.ts';

export function* cmp(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'lsn:');
  const [left, right = '-'] = options.rest;
  if (left === undefined) return showUsage(process, 'cmp');
  const texts: string[] = [];
  for (const path of [left, right]) {
    const text = yield* readInput(process, path);
    if (text instanceof Errno) {
      process.complain(`cmp: ${path}: ${text.message}\n`);
      return 2;
    }
    texts.push(text);
  }
  const [a = '', b = ''] = texts;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  if (at === a.length && at === b.length) return 0;
  if (options.has('s')) return 1;
  if (at === a.length || at === b.length) process.complain(`cmp: EOF on ${at === a.length ? left : right}\n`);
  else process.print(`${left} ${right} differ: char ${at + 1}, line ${a.slice(0, at).split('\n').length}\n`);
  return 1;
}
