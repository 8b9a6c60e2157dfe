/** head and tail. */
import { Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { WaitQueue, type Run } from '../wait.ts';
import { closeInput, openInput } from './input.ts';
import { parseOptions, type Parsed } from './options.ts';

const suffixes: Readonly<Record<string, number>> = { b: 512, k: 1024, m: 1024 * 1024, K: 1024, M: 1024 * 1024 };

function amount(text: string): number {
  const match = /^[-+]?(\d+)([bkmKM]?)$/.exec(text);
  return match ? Number(match[1]) * (suffixes[match[2]!] ?? 1) : NaN;
}

/** `-5` stands for `-n 5`. */
function withNumbers(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    if (i > 0 && /^-[a-zA-Z]*[nc]$/.test(args[i - 1]!)) return [arg];
    return /^-\d+$/.test(arg) ? ['-n', arg.slice(1)] : /^\+\d+$/.test(arg) ? ['-n', arg] : [arg];
  });
}

function header(process: Process, options: Parsed, path: string, first: boolean): void {
  if (options.has('v') || (options.rest.length > 1 && !options.has('q'))) process.print(`${first ? '' : '\n'}==> ${path} <==\n`);
}

export function* head(process: Process): Run<number> {
  const options = parseOptions(withNumbers(process.args.slice(1)), 'n:c:qv');
  const bytes = options.value('c');
  const text = bytes ?? options.value('n') ?? '10';
  const count = amount(text);
  if (Number.isNaN(count)) {
    process.complain(`head: invalid number '${text}'\n`);
    return 1;
  }
  let status = 0;
  let first = true;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const fd = openInput(process, path);
    if (fd instanceof Errno) {
      process.complain(`head: ${path}: ${fd.message}\n`);
      status = 1;
      continue;
    }
    header(process, options, path, first);
    first = false;
    if (text.startsWith('-')) yield* allBut(process, fd, count, bytes !== undefined);
    else yield* bytes === undefined ? firstLines(process, fd, count) : firstBytes(process, fd, count);
    closeInput(process, fd);
  }
  return status;
}

function* firstLines(process: Process, fd: number, count: number): Run<void> {
  for (let left = count; left > 0;) {
    const data = yield* process.read(fd, 65_536, '\n');
    if (data === '') return;
    process.print(data);
    yield* process.flush(4096);
    if (data.endsWith('\n')) left--;
  }
}

function* firstBytes(process: Process, fd: number, count: number): Run<void> {
  for (let left = count; left > 0;) {
    const data = yield* process.read(fd, Math.min(left, 65_536));
    if (data === '') return;
    process.print(data);
    yield* process.flush(4096);
    left -= data.length;
  }
}

function* allBut(process: Process, fd: number, count: number, bytes: boolean): Run<void> {
  const data = yield* process.readAll(fd);
  if (bytes) return process.print(data.slice(0, Math.max(0, data.length - count)));
  const parts = data.split(/(?<=\n)/);
  process.print(parts.slice(0, Math.max(0, parts.length - count)).join(''));
}

export function* tail(process: Process): Run<number> {
  const options = parseOptions(withNumbers(process.args.slice(1)), 'n:c:fFqvs:');
  const bytes = options.value('c');
  const text = bytes ?? options.value('n') ?? '10';
  const count = amount(text);
  if (Number.isNaN(count)) {
    process.complain(`tail: invalid number '${text}'\n`);
    return 1;
  }
  const follows = options.has('f') || options.has('F');
  const followed: Followed[] = [];
  let status = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const fd = openInput(process, path);
    if (fd instanceof Errno) {
      process.complain(`tail: can't open '${path}': ${fd.message}\n`);
      status = 1;
      if (options.has('F')) followed.push({ path, fd: undefined });
      continue;
    }
    header(process, options, path, followed.length === 0);
    followed.push({ path, fd });
    yield* last(process, fd, count, text.startsWith('+'), bytes !== undefined);
  }
  if (followed.length === 0) {
    process.complain('tail: no files\n');
    return 1;
  }
  yield* process.flush();
  if (follows) yield* follow(process, followed, options.has('F'));
  return status;
}

/** Keeps what it may have to print: reading an endless file without newlines takes ever more memory. */
function* last(process: Process, fd: number, count: number, fromStart: boolean, bytes: boolean): Run<void> {
  if (fromStart) {
    const data = yield* process.readAll(fd);
    const parts = bytes ? undefined : data.split(/(?<=\n)/);
    process.print(parts ? parts.slice(Math.max(0, count - 1)).join('') : data.slice(Math.max(0, count - 1)));
    return;
  }
  let kept = '';
  // What came since the last newline: joining it again and again would take a long time.
  let unbroken: string[] = [];
  for (let data = yield* process.read(fd); data !== ''; data = yield* process.read(fd)) {
    process.allocate(data.length);
    unbroken.push(data);
    if (!bytes && !data.includes('\n')) continue;
    const grown = kept + unbroken.join('');
    unbroken = [];
    kept = bytes ? grown.slice(Math.max(0, grown.length - count)) : lastLines(grown, count);
    process.allocate(kept.length - grown.length);
  }
  process.print(lastLines(kept + unbroken.join(''), bytes ? Infinity : count));
}

function lastLines(data: string, count: number): string {
  let at = data.endsWith('\n') ? data.length - 1 : data.length;
  for (let i = 0; i < count; i++) {
    if (at <= 0) return data;
    at = data.lastIndexOf('\n', at - 1);
    if (at < 0) return data;
  }
  return data.slice(at + 1);
}

interface Followed {
  readonly path: string;
  fd: number | undefined;
}

/** Waits for files to grow, and with `-F` for missing ones to appear. Never ends by itself. */
function* follow(process: Process, files: Followed[], byName: boolean): Run<void> {
  for (;;) {
    const queues: WaitQueue[] = [];
    let missing = false;
    for (const file of files) {
      if (file.fd === undefined) {
        const fd = byName ? openInput(process, file.path) : new Errno('ENOENT');
        if (fd instanceof Errno) {
          missing = true;
          continue;
        }
        process.complain(`tail: ${file.path} has appeared; following end of new file\n`);
        file.fd = fd;
      }
      queues.push(...yield* copyNew(process, file.fd));
    }
    yield missing ? { queues, timeoutMs: 1000 } : { queues };
  }
}

function* copyNew(process: Process, fd: number): Run<WaitQueue[]> {
  const file = process.file(fd);
  for (;;) {
    const data = file.read(65_536);
    if (data === undefined) return [file.ready];
    if (data === '') break;
    yield* process.write(1, data);
  }
  return file.node?.kind === 'file' ? [file.node.changed ??= new WaitQueue()] : [];
}
