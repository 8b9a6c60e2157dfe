/** Reading operands of text programs. */
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { forReading, open } from '../syscalls.ts';
import type { Run } from '../wait.ts';

/** Opens an operand for reading, `-` being standard input. */
export function openInput(process: Process, path: string): number | Errno {
  if (path === '-') return 0;
  const file = attempt(() => open(process, path, forReading));
  return file instanceof Errno ? file : process.addFile(file);
}

export function closeInput(process: Process, fd: number): void {
  if (fd !== 0) process.setFile(fd, undefined);
}

/** The whole of an operand. Its failure is a value. */
export function* readInput(process: Process, path: string): Run<string | Errno> {
  const fd = openInput(process, path);
  if (fd instanceof Errno) return fd;
  try {
    const data = yield* process.readAll(fd);
    closeInput(process, fd);
    return data;
  } catch (error) {
    if (error instanceof Errno && error.code !== 'EPIPE') return error;
    throw error;
  }
}

/** All operands one after another, standard input when there are none; complaints say what could not be opened. */
export function* readInputs(process: Process, paths: readonly string[]): Run<{ data: string; failed: boolean }> {
  let data = '';
  let failed = false;
  for (const path of paths.length > 0 ? paths : ['-']) {
    const text = yield* readInput(process, path);
    if (text instanceof Errno) {
      process.complain(`${baseName(process.name)}: ${path}: ${text.message}\n`);
      failed = true;
    } else data += text;
  }
  return { data, failed };
}

/** Lines without their newlines; a newline at the end begins no further line. */
export function lines(data: string): string[] {
  if (data === '') return [];
  const result = data.split('\n');
  if (result.at(-1) === '') result.pop();
  return result;
}

/** Reads one descriptor line by line, as the lines come. */
export class LineReader {
  readonly #process: Process;
  readonly #fd: number;
  #rest = '';
  #ended = false;
  /** The last line had a newline. */
  complete = true;

  constructor(process: Process, fd: number) {
    this.#process = process;
    this.#fd = fd;
  }

  /** The next line without its newline; undefined at the end. */
  * next(delimiter = '\n'): Run<string | undefined> {
    for (;;) {
      const at = this.#rest.indexOf(delimiter);
      if (at >= 0) {
        const line = this.#rest.slice(0, at);
        this.#rest = this.#rest.slice(at + 1);
        return line;
      }
      if (this.#ended) {
        const line = this.#rest;
        this.#rest = '';
        if (line !== '') this.complete = false;
        return line === '' ? undefined : line;
      }
      yield* this.#process.flush();
      yield* this.#more(delimiter);
    }
  }

  /** The next text before a match; the whole of the input is read for it. */
  * nextMatch(delimiter: RegExp): Run<string | undefined> {
    while (!this.#ended) yield* this.#more('\n');
    const match = delimiter.exec(this.#rest);
    const text = match && match[0] !== '' ? this.#rest.slice(0, match.index) : this.#rest;
    this.#rest = this.#rest.slice(text.length + (match?.[0].length ?? 0));
    return text === '' && this.#rest === '' && !match ? undefined : text;
  }

  /** Reads to the next delimiter or the end. A long line takes memory. */
  * #more(delimiter: string): Run<void> {
    const parts = [this.#rest];
    let length = 0;
    for (;;) {
      const data = yield* this.#process.read(this.#fd);
      parts.push(data);
      if (data === '') this.#ended = true;
      if (this.#ended || data.includes(delimiter)) break;
      length += data.length;
      this.#process.allocate(data.length);
    }
    this.#process.allocate(-length);
    this.#rest = parts.join('');
  }
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
