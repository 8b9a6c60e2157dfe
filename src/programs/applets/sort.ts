/** sort, uniq, shuf. */
import type { Process } from '../process.ts';
import { Errno } from '../errno.ts';
import { forWriting, open } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { lines, readInput, readInputs } from './input.ts';
import { parseOptions, type Parsed } from './options.ts';

interface Key {
  readonly from: number;
  readonly fromChar: number;
  readonly to: number;
  readonly toChar: number;
  readonly flags: string;
}

export function* sort(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'nrugMcszbdfiVo:k:t:');
  const { data, failed } = yield* readInputs(process, options.rest);
  if (failed) return 2;
  process.allocate(data.length);
  const items = options.has('z') ? data.split('\0').filter((item) => item !== '') : lines(data);
  const compare = comparison(options);
  if (options.has('c')) {
    const at = items.findIndex((item, i) => i > 0 && compare(items[i - 1]!, item) > (options.has('u') ? -1 : 0));
    if (at < 0) return 0;
    process.complain(`Check line ${at}\n`);
    return 1;
  }
  const last = (a: string, b: string): number => (options.has('s') ? 0 : order(a, b) * (options.has('r') ? -1 : 1));
  let sorted = items.toSorted((a, b) => compare(a, b) || last(a, b));
  if (options.has('u')) sorted = sorted.filter((item, i) => i === 0 || compare(sorted[i - 1]!, item) !== 0);
  const end = options.has('z') ? '\0' : '\n';
  const text = sorted.map((item) => item + end).join('');
  const target = options.value('o');
  if (target === undefined) process.print(text);
  else yield* process.write(process.addFile(open(process, target, forWriting)), text);
  return 0;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function comparison(options: Parsed): (a: string, b: string) => number {
  const global = 'nrgMbdfiV'.split('').filter((letter) => options.has(letter)).join('');
  const keys = options.all('k').map((text) => key(text, global));
  const separator = options.value('t');
  if (keys.length === 0) keys.push({ from: 1, fromChar: 1, to: Infinity, toChar: 0, flags: global });
  return (a, b) => {
    for (const one of keys) {
      const result = compareKey(extract(a, one, separator), extract(b, one, separator), one.flags);
      if (result !== 0) return one.flags.includes('r') ? -result : result;
    }
    return 0;
  };
}

function key(text: string, global: string): Key {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  const own = (match?.[3] ?? '') + (match?.[6] ?? '');
  return {
    from: Number(match?.[1] ?? 1), fromChar: Number(match?.[2] ?? 1), to: Number(match?.[4] ?? Infinity), toChar: Number(match?.[5] ?? 0),
    flags: own === '' ? global : own,
  };
}

function extract(line: string, { from, fromChar, to, toChar }: Key, separator: string | undefined): string {
  if (from === 1 && fromChar === 1 && to === Infinity) return line;
  const fields = separator === undefined ? line.match(/\s*\S+/g) ?? [] : line.split(separator);
  const picked = fields.slice(from - 1, to === Infinity ? undefined : to);
  if (toChar > 0 && picked.length > 0) picked[picked.length - 1] = picked.at(-1)!.slice(0, toChar);
  const joined = picked.join(separator ?? '');
  return fromChar > 1 ? joined.slice(fromChar - 1) : joined;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function compareKey(a: string, b: string, flags: string): number {
  if (flags.includes('n') || flags.includes('g')) return Math.sign(leadingNumber(a) - leadingNumber(b));
  if (flags.includes('M')) return months.indexOf(a.trim().slice(0, 3).toLowerCase()) - months.indexOf(b.trim().slice(0, 3).toLowerCase());
  const shape = (text: string): string => {
    let shaped = flags.includes('b') ? text.trimStart() : text;
    if (flags.includes('f')) shaped = shaped.toUpperCase();
    if (flags.includes('d')) shaped = shaped.replace(/[^\w\s]/g, '');
    return shaped;
  };
  return flags.includes('V') ? compareVersions(a, b) : order(shape(a), shape(b));
}

function leadingNumber(text: string): number {
  const number = Number.parseFloat(text);
  return Number.isNaN(number) ? 0 : number;
}

function compareVersions(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const result = i % 2 === 1 ? Number(left[i] ?? -1) - Number(right[i] ?? -1) : order(left[i] ?? '', right[i] ?? '');
    if (result !== 0) return Math.sign(result);
  }
  return 0;
}

export function* uniq(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'cdus:f:w:i');
  const input = yield* readInput(process, options.rest[0] ?? '-');
  if (input instanceof Errno) {
    process.complain(`uniq: ${options.rest[0]}: ${input.message}\n`);
    return 1;
  }
  const shape = (line: string): string => {
    const fields = Number(options.value('f') ?? '0');
    const skipped = line.replace(new RegExp(`^(?:\\s*\\S+){0,${fields}}`), fields > 0 ? '' : '$&').slice(Number(options.value('s') ?? '0'));
    const cutOff = options.value('w') === undefined ? skipped : skipped.slice(0, Number(options.value('w')));
    return options.has('i') ? cutOff.toLowerCase() : cutOff;
  };
  const groups: { line: string; count: number }[] = [];
  for (const line of lines(input)) {
    const group = groups.at(-1);
    if (group && shape(group.line) === shape(line)) group.count++;
    else groups.push({ line, count: 1 });
  }
  const shown = groups.filter(({ count }) => !(options.has('d') && count === 1) && !(options.has('u') && count > 1));
  const text = shown.map(({ line, count }) => `${options.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`).join('');
  const target = options.rest[1] ?? '-';
  if (target === '-') process.print(text);
  else yield* process.write(process.addFile(open(process, target, forWriting)), text);
  return 0;
}

export function* shuf(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'ei:n:o:zr');
  const range = /^(\d+)-(\d+)$/.exec(options.value('i') ?? '');
  let items: string[];
  if (range) items = Array.from({ length: Math.max(0, Number(range[2]) - Number(range[1]) + 1) }, (_, i) => String(Number(range[1]) + i));
  else if (options.has('e')) items = [...options.rest];
  else items = lines((yield* readInputs(process, options.rest)).data);
  for (let i = items.length - 1; i > 0; i--) {
    const j = process.machine.prng.below(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  for (const item of items.slice(0, Number(options.value('n') ?? items.length))) process.print(`${item}\n`);
  return 0;
}
