/**
 * The terminal of a session: what the kernel's line discipline does between a client and a program. Input is echoed and
 * waits for its line to end; ctrl-C and ctrl-D are signals and ends; a newline goes out with a carriage return. A new size
 * is told to all that run in it.
 */
import type { SourceFile } from '../programs/open-file.ts';
import type { Process } from '../programs/process.ts';
import { SIGINT, SIGWINCH } from '../programs/signals.ts';
import type { Tty } from '../programs/tty.ts';

const interrupt = '\x03';
const endOfInput = '\x04';

export class Terminal {
  readonly tty: Tty;
  readonly #input: SourceFile;
  readonly #output: (data: string) => void;
  /** What was typed since the last newline. */
  #line = '';

  constructor(tty: Tty, input: SourceFile, output: (data: string) => void) {
    this.tty = tty;
    this.#input = input;
    this.#output = output;
  }

  /** What the program prints. */
  print(data: string): void {
    this.#output(data.replaceAll('\n', '\r\n'));
  }

  /** What the client types. */
  type(data: string, foreground: Process | undefined): void {
    for (const key of data) {
      if (key === interrupt) {
        this.#line = '';
        this.print('^C');
        if (foreground) signalAll(foreground, SIGINT);
      } else if (key === endOfInput) this.#endInput();
      else this.#take(key === '\r' ? '\n' : key);
    }
  }

  resize(columns: number, rows: number, foreground: Process | undefined): void {
    if (columns === this.tty.columns && rows === this.tty.rows) return;
    Object.assign(this.tty, { columns, rows });
    if (foreground) signalAll(foreground, SIGWINCH);
  }

  #take(key: string): void {
    if (this.tty.echo || key === '\n') this.print(key);
    this.#line += key;
    if (key === '\n') this.#pass();
  }

  /** Passes what was typed; at the start of a line it is the end of the input. */
  #endInput(): void {
    if (this.#line === '') this.#input.end();
    else this.#pass();
  }

  #pass(): void {
    this.#input.push(this.#line);
    this.#line = '';
  }
}

/** Everything that the session runs, children first. */
function signalAll(process: Process, signal: number): void {
  for (const child of [...process.children ?? []]) signalAll(child, signal);
  process.signal(signal, undefined);
}
