/** Programs that pass text on: cat, head, tail, wc, tee. */
import { toBuffer } from '../bytes.ts';
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { open } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { closeInput, openInput } from './input.ts';
import { parseOptions } from './options.ts';

export function* cat(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'neAtvbu');
  const shaped = ['n', 'e', 'A', 't', 'v', 'b'].some((letter) => options.has(letter));
  let line = 0;
  let atStart = true;
  let status = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const fd = openInput(process, path);
    if (fd instanceof Errno) {
      process.complain(`cat: can't open '${path}': ${fd.message}\n`);
      status = 1;
      continue;
    }
    try {
      for (let data = yield* process.read(fd); data !== ''; data = yield* process.read(fd)) {
        if (!shaped) yield* process.write(1, data);
        else {
          for (const char of data) {
            if (atStart && (options.has('n') || (options.has('b') && char !== '\n'))) process.print(`${String(++line).padStart(6)}\t`);
            atStart = char === '\n';
            process.print(visible(char, options.has('A') || options.has('e'), options.has('A') || options.has('t')));
          }
          yield* process.flush();
        }
      }
    } catch (error) {
      if (!(error instanceof Errno) || error.code === 'EPIPE') throw error;
      if (error.code === 'ENOSPC') throw error;
      process.complain(`cat: read error: ${error.message}\n`);
      status = 1;
    }
    closeInput(process, fd);
  }
  if (!atStart && (options.has('n') || options.has('b'))) process.print('\n');
  return status;
}

function visible(char: string, ends: boolean, tabs: boolean): string {
  if (char === '\n') return ends ? '$\n' : char;
  if (char === '\t') return tabs ? '^I' : char;
  const code = char.charCodeAt(0);
  if (!ends && !tabs) return char;
  if (code >= 128) return `M-${visible(String.fromCharCode(code - 128), ends, tabs)}`;
  return code < 32 ? `^${String.fromCharCode(code + 64)}` : code === 127 ? '^?' : char;
}

export function* tee(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'ai');
  const targets = [1];
  let status = 0;
  for (const path of options.rest) {
    const file = attempt(() => open(process, path, { write: true, create: true, truncate: !options.has('a'), append: options.has('a') }));
    if (file instanceof Errno) {
      process.complain(`tee: ${path}: ${file.message}\n`);
      status = 1;
    } else targets.push(process.addFile(file));
  }
  for (let data = yield* process.read(0); data !== ''; data = yield* process.read(0)) for (const fd of targets) yield* process.write(fd, data);
  return status;
}

export function* wc(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'lwcmL');
  const wanted = ['l', 'w', 'm', 'c', 'L'].filter((letter) => options.has(letter));
  const columns = wanted.length > 0 ? wanted : ['l', 'w', 'c'];
  const totals = columns.map(() => 0);
  let status = 0;
  let shown = 0;
  const show = (counts: readonly number[], name: string): void => {
    const numbers = counts.map((count) => String(count));
    const text = counts.length === 1 && columns[0] === 'l' && options.rest.length < 2 ? numbers[0]! : numbers.map((number) => number.padStart(9)).join(' ');
    process.print(`${options.rest.length === 0 && counts.length === 1 ? numbers[0]! : text}${name === '' ? '' : ` ${name}`}\n`);
  };
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const fd = openInput(process, path);
    if (fd instanceof Errno) {
      process.complain(`wc: ${path}: ${fd.message}\n`);
      status = 1;
      continue;
    }
    const counts = yield* count(process, fd, columns);
    closeInput(process, fd);
    for (const [i, value] of counts.entries()) totals[i]! += value;
    show(counts, options.rest.length > 0 ? path : '');
    shown++;
  }
  if (shown > 1) show(totals, 'total');
  return status;
}

const newline = 10;
const isSpace = (byte: number) => byte === 32 || (byte >= 9 && byte <= 13) || byte === 0;

function* count(process: Process, fd: number, columns: readonly string[]): Run<number[]> {
  const counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  let inWord = false;
  let width = 0;
  for (let data = yield* process.read(fd); data !== ''; data = yield* process.read(fd)) {
    counts.c += data.length;
    for (const byte of toBuffer(data)) {
      const space = isSpace(byte);
      if (!space && !inWord) counts.w++;
      inWord = !space;
      width = byte === newline ? 0 : width + 1;
      if (byte === newline) counts.l++;
      else if (width > counts.L) counts.L = width;
    }
  }
  counts.m = counts.c;
  return columns.map((column) => counts[column as keyof typeof counts]);
}
