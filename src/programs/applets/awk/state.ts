/** What an awk program works on: variables, arrays, the record with its fields, and open files and pipes. */
import { attempt, Errno, type ErrnoCode } from '../../errno.ts';
import type { OpenFile } from '../../open-file.ts';
import { Pipe } from '../../pipe.ts';
import type { Process } from '../../process.ts';
import { compileRegex } from '../../regex.ts';
import { forAppending, forReading, forWriting, open } from '../../syscalls.ts';
import type { Run } from '../../wait.ts';
import { LineReader } from '../input.ts';
import { AwkFault } from './ast.ts';
import { Input, toNumber, toText, type Value } from './values.ts';

/** Why files cannot be opened, as Linux counts. */
const numbers: Readonly<Partial<Record<ErrnoCode, number>>> = { EPERM: 1, ENOENT: 2, EACCES: 13, ENOTDIR: 20, EISDIR: 21, EROFS: 30, ELOOP: 40 };

export type AwkArray = Map<string, Value>;

interface Output {
  readonly fd: number;
  readonly child: Process | undefined;
}

/** A file that a program wants to write cannot be opened. */
export class CannotOpen extends Error {
  constructor(path: string, error: Errno) {
    super(`can't open '${path}': ${error.message}`);
  }
}

export class AwkState {
  readonly process: Process;
  readonly variables = new Map<string, Value>();
  readonly arrays = new Map<string, AwkArray>();
  readonly #outputs = new Map<string, Output>();
  readonly #readers = new Map<string, { reader: LineReader; child: Process | undefined }>();
  #record = '';
  /** FS as it was when the record came. */
  #separator = ' ';
  #fields: string[] | undefined;
  #recordStale = false;

  constructor(process: Process) {
    this.process = process;
    const start: readonly (readonly [string, Value])[] = [
      ['FS', ' '], ['OFS', ' '], ['ORS', '\n'], ['RS', '\n'], ['NR', 0], ['NF', 0], ['FNR', 0], ['SUBSEP', '\x1c'], ['CONVFMT', '%.6g'], ['OFMT', '%.6g'],
      ['RSTART', 0], ['RLENGTH', -1], ['FILENAME', ''], ['ERRNO', 0],
    ];
    for (const [name, value] of start) this.variables.set(name, value);
  }

  text(name: string): string {
    return toText(this.get(name));
  }

  get(name: string): Value {
    if (name === 'NF') this.#split();
    return this.variables.get(name);
  }

  set(name: string, value: Value): void {
    if (name === 'NF') {
      const fields = this.#split();
      const count = Math.max(0, Math.min(100_000, Math.trunc(toNumber(value))));
      while (fields.length < count) fields.push('');
      fields.length = count;
      this.#recordStale = true;
    }
    this.variables.set(name, value);
  }

  array(name: string): AwkArray {
    let array = this.arrays.get(name);
    if (!array) this.arrays.set(name, array = new Map());
    return array;
  }

  setRecord(text: string): void {
    this.#record = text;
    const separator = this.text('FS');
    // In paragraphs newlines separate as well.
    this.#separator = this.text('RS') === '' && separator !== ' ' ? `${separator.length === 1 ? singleSeparator(separator) : separator}|\n` : separator;
    this.#fields = undefined;
    this.#recordStale = false;
  }

  field(index: number): Value {
    if (index < 0) throw new AwkFault('Access to negative field');
    if (index > 0) {
      const field = this.#split()[index - 1];
      return field === undefined ? undefined : new Input(field);
    }
    if (this.#recordStale) {
      this.#record = this.#split().join(this.text('OFS'));
      this.#recordStale = false;
    }
    return new Input(this.#record);
  }

  setField(index: number, text: string): void {
    if (index < 0) throw new AwkFault('Access to negative field');
    if (index === 0) return this.setRecord(text);
    const fields = this.#split();
    while (fields.length < Math.min(index, 100_000)) fields.push('');
    fields[index - 1] = text;
    this.variables.set('NF', fields.length);
    this.#recordStale = true;
  }

  #split(): string[] {
    if (!this.#fields) {
      this.#fields = splitText(this.#record, this.#separator);
      this.variables.set('NF', this.#fields.length);
    }
    return this.#fields;
  }

  /** Where `print >` goes: a file that stays open, or a command. */
  output(operator: string, target: string, start: (command: string, input: OpenFile) => Process): number {
    const known = this.#outputs.get(target);
    if (known) return known.fd;
    let opened: Output;
    if (operator === '|') {
      const pipe = new Pipe();
      const writer = pipe.writer();
      const fd = this.process.addFile(writer);
      opened = { fd, child: start(target, pipe.reader()) };
    } else {
      const file = attempt(() => open(this.process, target, operator === '>' ? forWriting : forAppending));
      if (file instanceof Errno) throw new CannotOpen(target, file);
      opened = { fd: this.process.addFile(file), child: undefined };
    }
    this.#outputs.set(target, opened);
    return opened.fd;
  }

  /** A file or command that getline reads; Errno when it cannot be opened. */
  reader(from: 'file' | 'command', source: string, start: (command: string, output: OpenFile) => Process): LineReader | Errno {
    const known = this.#readers.get(source);
    if (known) return known.reader;
    let child: Process | undefined;
    let fd: number;
    if (from === 'command') {
      const pipe = new Pipe();
      fd = this.process.addFile(pipe.reader());
      child = start(source, pipe.writer());
    } else {
      const file = attempt(() => (source === '-' ? this.process.file(0) : open(this.process, source, forReading)));
      if (file instanceof Errno) {
        this.set('ERRNO', numbers[file.code] ?? 5);
        return file;
      }
      fd = this.process.addFile(file);
    }
    const reader = new LineReader(this.process, fd);
    this.#readers.set(source, { reader, child });
    return reader;
  }

  /** Closes one of the above; the command's status as wait(2) has it. What is not open closes as well. */
  * close(name: string): Run<number> {
    const output = this.#outputs.get(name);
    const reader = this.#readers.get(name);
    this.#outputs.delete(name);
    this.#readers.delete(name);
    if (output) this.process.setFile(output.fd, undefined);
    const child = output?.child ?? reader?.child;
    if (!child) return 0;
    while (!child.status) yield { queues: [child.exited] };
    return child.status.signal ?? child.status.code * 256;
  }

  * closeAll(): Run<void> {
    for (const name of [...this.#outputs.keys()]) yield* this.close(name);
  }
}

/** Splits as FS says: blanks, one character, or a regular expression. */
export function splitText(text: string, separator: string | RegExp): string[] {
  if (text === '') return [];
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((part) => part !== '');
  if (separator === '') return [...text];
  if (typeof separator === 'string' && separator.length === 1) return text.split(separator);
  const regex = typeof separator === 'string' ? compileRegex(separator, { extended: true }) : separator;
  return splitAtMatches(text, regex);
}

/** A character that separates, as a regular expression. */
function singleSeparator(char: string): string {
  return /[\^$.[\]|()*+?{}\\]/.test(char) ? `\\${char}` : char;
}

/** An empty match separates nothing. */
function splitAtMatches(text: string, regex: RegExp): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp(regex.source, `${regex.flags.replace('g', '')}g`))) {
    if (match[0] === '') continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}
