/** Programs that work on columns and characters of lines: cut, tr, seq, rev, tac, nl, fold, expand, paste. */
import { fromBuffer, toBuffer } from '../bytes.ts';
import { classes } from '../pattern.ts';
import type { Process } from '../process.ts';
import { echoEscapes } from '../escapes.ts';
import { Errno } from '../errno.ts';
import type { Run } from '../wait.ts';
import { lines, readInput, readInputs } from './input.ts';
import { parseOptions, showUsage } from './options.ts';

type Range = readonly [from: number, to: number];

function ranges(text: string): Range[] | undefined {
  const result: Range[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === '' || part === '-') return undefined;
    const from = match[1] === '' ? 1 : Number(match[1]);
    result.push([from, match[2] === '' ? from : match[3] === '' ? Infinity : Number(match[3])]);
  }
  return result;
}

export function* cut(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'b:c:f:d:snD');
  const list = options.value('b') ?? options.value('c') ?? options.value('f');
  const wanted = list === undefined ? undefined : ranges(list);
  if (!wanted) {
    process.complain('cut: expected a list of bytes, characters, or fields\n');
    return 1;
  }
  const { data, failed } = yield* readInputs(process, options.rest);
  const includes = (position: number): boolean => wanted.some(([from, to]) => position >= from && position <= to);
  const delimiter = options.value('d') ?? '\t';
  for (const line of lines(data)) {
    if (options.value('f') === undefined) process.print(`${[...line].filter((_, i) => includes(i + 1)).join('')}\n`);
    else if (line.includes(delimiter)) process.print(`${line.split(delimiter).filter((_, i) => includes(i + 1)).join(delimiter)}\n`);
    else if (!options.has('s')) process.print(`${line}\n`);
  }
  return failed ? 1 : 0;
}

/** The characters of a tr set: escapes, ranges and classes. */
function set(text: string): string {
  const plain = echoEscapes(text, false).text;
  let result = '';
  for (let i = 0; i < plain.length; i++) {
    const name = /^\[:(\w+):\]/.exec(plain.slice(i));
    const members = name ? classes[name[1]!] : undefined;
    if (name && members !== undefined) {
      const pattern = new RegExp(`[${members}]`);
      for (let code = 0; code < 256; code++) if (pattern.test(String.fromCharCode(code))) result += String.fromCharCode(code);
      i += name[0].length - 1;
    } else if (plain[i + 1] === '-' && i + 2 < plain.length) {
      for (let code = plain.charCodeAt(i); code <= plain.charCodeAt(i + 2); code++) result += String.fromCharCode(code);
      i += 2;
    } else result += plain[i];
  }
  return result;
}

export function* tr(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+cCsd');
  const [first, second] = options.rest;
  if (first === undefined) return showUsage(process, 'tr');
  let from = set(first);
  if (options.has('c') || options.has('C')) from = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter((char) => !from.includes(char)).join('');
  const to = second === undefined ? '' : set(second);
  const squeezed = !options.has('s') ? '' : to === '' ? from : to;
  // For each byte what it becomes, -1 when it goes.
  const table = Array.from({ length: 256 }, (_, code) => code);
  for (const [i, char] of [...from].entries()) {
    if (options.has('d')) table[char.charCodeAt(0)] = -1;
    else if (to !== '') table[char.charCodeAt(0)] = to.charCodeAt(Math.min(i, to.length - 1));
  }
  const squeezes = Array.from({ length: 256 }, (_, code) => squeezed.includes(String.fromCharCode(code)));
  let last = -1;
  for (let data = yield* process.read(0); data !== ''; data = yield* process.read(0)) {
    const bytes = toBuffer(data);
    let length = 0;
    for (const byte of bytes) {
      const mapped = table[byte]!;
      if (mapped < 0 || (mapped === last && squeezes[mapped]!)) continue;
      bytes[length++] = mapped;
      last = mapped;
    }
    process.print(fromBuffer(bytes.subarray(0, length)));
    yield* process.flush(4096);
  }
  return 0;
}

export function* seq(process: Process): Run<number> {
  // Negative numbers look like options.
  const args = process.args.slice(1);
  const firstNumber = args.findIndex((arg) => /^-[\d.]/.test(arg));
  const options = parseOptions(firstNumber < 0 ? args : [...args.slice(0, firstNumber), '--', ...args.slice(firstNumber)], 'ws:');
  const numbers = options.rest.map(Number);
  if (numbers.length === 0 || numbers.length > 3 || numbers.some(Number.isNaN)) return showUsage(process, 'seq');
  const first = numbers.length > 1 ? numbers[0]! : 1;
  const step = numbers.length > 2 ? numbers[1]! : 1;
  const last = numbers.at(-1)!;
  // The digits behind the point of the last number do not count.
  const decimals = Math.max(0, ...options.rest.slice(0, -1).map((text) => (text.split('.')[1] ?? '').length));
  const whole = Math.max(...options.rest.map((text) => text.split('.')[0]!.length));
  const width = options.has('w') ? whole + (decimals > 0 ? decimals + 1 : 0) : 0;
  const separator = options.value('s') ?? '\n';
  for (let i = 0; step === 0 || (step > 0 ? first + i * step <= last + 1e-9 : first + i * step >= last - 1e-9); i++) {
    process.print(`${i > 0 ? separator : ''}${(first + i * step).toFixed(decimals).padStart(width, '0')}`);
    if (process.step()) yield* process.pause();
    yield* process.flush(4096);
  }
  if (step > 0 ? first <= last : first >= last) process.print('\n');
  return 0;
}

export function* rev(process: Process): Run<number> {
  const { data, failed } = yield* readInputs(process, process.args.slice(1));
  process.print(data.replace(/[^\n]+/g, (line) => [...line].toReversed().join('')));
  return failed ? 1 : 0;
}

export function* tac(process: Process): Run<number> {
  const { data, failed } = yield* readInputs(process, process.args.slice(1));
  for (const line of lines(data).toReversed()) process.print(`${line}\n`);
  return failed ? 1 : 0;
}

export function* nl(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'b:i:l:n:s:v:w:p');
  const { data, failed } = yield* readInputs(process, options.rest);
  let number = Number(options.value('v') ?? '1');
  const style = options.value('b') ?? 't';
  const width = Number(options.value('w') ?? '6');
  for (const line of lines(data)) {
    const numbered = style === 'a' || (style === 't' && line !== '');
    if (!numbered) process.print(`${' '.repeat(width + 1)}${line}\n`);
    else process.print(`${String(number++).padStart(width)}${options.value('s') ?? '\t'}${line}\n`);
  }
  return failed ? 1 : 0;
}

export function* fold(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'bsw:');
  const width = Number(options.value('w') ?? '80');
  const { data, failed } = yield* readInputs(process, options.rest);
  process.print(data.replace(/[^\n]+/g, (line) => folded(line, width, options.has('s'), options.has('b')).join('\n')));
  return failed ? 1 : 0;
}

/** The pieces of a line, each at most `width` columns wide; `atBlanks` cuts behind the last blank where there is one. */
function folded(line: string, width: number, atBlanks: boolean, inBytes: boolean): string[] {
  const columnsOf = (text: string): number => [...text].reduce((column, char) => (char === '\t' && !inBytes ? (column & ~7) + 8 : column + 1), 0);
  const pieces: string[] = [];
  let piece = '';
  for (const char of line) {
    while (piece !== '' && columnsOf(piece + char) > width) {
      const blank = atBlanks ? Math.max(piece.lastIndexOf(' '), piece.lastIndexOf('\t')) + 1 : 0;
      const at = blank > 0 ? blank : piece.length;
      pieces.push(piece.slice(0, at));
      piece = piece.slice(at);
    }
    piece += char;
  }
  return [...pieces, piece];
}

export function* expand(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'it:');
  const width = Number(options.value('t') ?? '8');
  const { data, failed } = yield* readInputs(process, options.rest);
  let column = 0;
  for (const char of data) {
    const text = char === '\t' ? ' '.repeat(width - (column % width)) : char;
    column = char === '\n' ? 0 : column + text.length;
    process.print(text);
  }
  return failed ? 1 : 0;
}

/** Several operands `-` take turns at the lines of standard input. */
export function* paste(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'sd:');
  const delimiters = echoEscapes(options.value('d') ?? '\t', false).text || '\t';
  const sources = new Map<string, readonly string[]>();
  const paths = options.rest.length > 0 ? options.rest : ['-'];
  for (const path of new Set(paths)) {
    const data = yield* readInput(process, path);
    if (data instanceof Errno) {
      process.complain(`paste: ${path}: ${data.message}\n`);
      return 1;
    }
    sources.set(path, lines(data));
  }
  const input = sources.get('-')?.values();
  const columns = paths.map((path) => (path === '-' ? input! : sources.get(path)!.values()));
  if (options.has('s')) for (const column of columns) process.print(`${[...column].reduce((row, cell, i) => (i === 0 ? cell : row + delimiters[(i - 1) % delimiters.length]! + cell), '')}\n`);
  else process.print(pasted(columns, delimiters));
  return 0;
}

/** Lines side by side. A column that has ended shows nothing, and the newline is the last column's, as in busybox. */
function pasted(columns: readonly Iterator<string>[], delimiters: string): string {
  let text = '';
  for (let active = true; active;) {
    active = false;
    let shown = 0;
    for (const [i, column] of columns.entries()) {
      const { done, value } = column.next();
      if (done) continue;
      active = true;
      text += value + (i === columns.length - 1 ? '\n' : delimiters[shown++ % delimiters.length]!);
    }
  }
  return text;
}
