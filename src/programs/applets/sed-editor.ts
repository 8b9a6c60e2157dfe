/** Runs a sed script on lines, as busybox does (editors/sed.c). */
import { attempt, Errno } from '../errno.ts';
import { dataOf } from '../files/nodes.ts';
import type { Process } from '../process.ts';
import { forWriting, open, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import type { LineReader } from './input.ts';
import { SedRanges } from './sed-ranges.ts';
import { ScriptFault, type SedCommand } from './sed-script.ts';

/** What a byte of the pattern space counts as memory: a substitution makes many copies, and a line of megabytes takes seconds. */
const sedCopies = 64;

interface Line {
  readonly text: string;
  /** It had a newline. */
  readonly ended: boolean;
}

/** Puts lines out; one that had no newline gets it when another follows. */
class Output {
  readonly #write: (text: string) => void;
  #open = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  put(text: string, ended = true): void {
    this.#write(`${this.#open ? '\n' : ''}${text}${ended ? '\n' : ''}`);
    this.#open = !ended && text !== '';
  }
}

export class Editor {
  readonly #process: Process;
  readonly #commands: readonly SedCommand[];
  readonly #quiet: boolean;
  readonly #files = new Map<string, Output>();
  readonly #unwritten: { readonly fd: number; readonly text: string }[] = [];
  #output: Output;
  #ranges = new SedRanges();
  #pattern = '';
  /** The line in the pattern space had a newline. */
  #ended = true;
  #hold = '';
  #line = 0;
  #after: string[] = [];
  #substituted = false;
  #allocated = 0;
  #readers: LineReader[] = [];
  #next: Line | undefined;

  constructor(process: Process, commands: readonly SedCommand[], quiet: boolean) {
    this.#process = process;
    this.#commands = commands;
    this.#quiet = quiet;
    this.#output = this.#stdout();
    for (const { file } of commands) if (file !== undefined) this.#openFile(file);
  }

  /** Runs the script on the lines of all readers, to the exit code. */
  * run(readers: readonly LineReader[]): Run<number> {
    this.#readers = [...readers];
    this.#line = 0;
    this.#ranges = new SedRanges();
    this.#output = this.#stdout();
    this.#next = yield* this.#read();
    while (yield* this.#advance()) {
      if (this.#process.step()) yield* this.#process.pause();
      const quit = yield* this.#cycle();
      yield* this.#writeFiles();
      if (quit !== undefined) return quit;
    }
    return 0;
  }

  #stdout(): Output {
    return new Output((text) => this.#process.print(text));
  }

  #openFile(path: string): void {
    if (path === '/dev/stdout' || this.#files.has(path)) return;
    const fd = this.#process.addFile(open(this.#process, path, forWriting));
    this.#files.set(path, new Output((text) => void this.#unwritten.push({ fd, text })));
  }

  * #writeFiles(): Run<void> {
    for (const { fd, text } of this.#unwritten.splice(0)) yield* this.#process.write(fd, text);
  }

  * #read(): Run<Line | undefined> {
    for (;;) {
      const reader = this.#readers[0];
      if (!reader) return undefined;
      const text = yield* reader.next();
      if (text !== undefined) return { text, ended: reader.complete };
      if (this.#readers.length === 1) return undefined;
      this.#readers.shift();
    }
  }

  /** Takes the next line; false at the end. */
  * #advance(): Run<boolean> {
    if (this.#next === undefined) return false;
    ({ text: this.#pattern, ended: this.#ended } = this.#next);
    this.#line++;
    this.#next = yield* this.#read();
    return true;
  }

  #endCycle(): void {
    if (!this.#quiet) this.#output.put(this.#pattern, this.#ended);
    for (const text of this.#after) this.#output.put(text.replace(/\n$/, ''), text.endsWith('\n'));
    this.#after = [];
  }

  /** One pass of the script; the exit code when it quits. */
  * #cycle(): Run<number | undefined> {
    this.#substituted = false;
    for (let at = 0; at < this.#commands.length; at++) {
      const command = this.#commands[at]!;
      yield* this.#count();
      if (this.#selected(command) === command.negated) {
        if (command.name === '{') at = command.target;
        continue;
      }
      switch (command.name) {
        case 'd': return undefined;
        case 'D': {
          const end = this.#pattern.indexOf('\n');
          if (end < 0) return undefined;
          this.#pattern = this.#pattern.slice(end + 1);
          at = -1;
          break;
        }
        case 'q':
        case 'Q':
          if (command.name === 'q') this.#endCycle();
          return Number(command.text || '0');
        case 'n':
          this.#endCycle();
          if (!(yield* this.#advance())) return 0;
          this.#substituted = false;
          break;
        case 'N':
          if (!(yield* this.#append())) return 0;
          break;
        case 'b':
        case 't':
        case 'T': at = this.#jump(command, at); break;
        case 'c':
          if (!this.#ranges.goesOn(command)) this.#output.put(command.text);
          return undefined;
        default: this.#simple(command);
      }
    }
    this.#endCycle();
    return undefined;
  }

  /** Adds the next line; at the end it ends the cycle, and answers false. */
  * #append(): Run<boolean> {
    const before = this.#pattern;
    if (!(yield* this.#advance())) {
      this.#endCycle();
      return false;
    }
    this.#pattern = `${before}\n${this.#pattern}`;
    return true;
  }

  /** The index to go on after. */
  #jump({ name, text, target }: SedCommand, at: number): number {
    const jumps = name === 'b' || this.#substituted === (name === 't');
    if (name !== 'b') this.#substituted = false;
    if (!jumps) return at;
    if (target < 0) throw new ScriptFault(`can't find label for jump to '${text}'`);
    return target - 1;
  }

  /** A command takes its time, and its spaces take memory. */
  * #count(): Run<void> {
    const bytes = (this.#pattern.length + this.#hold.length) * sedCopies;
    if (bytes > this.#allocated + 65_536) {
      this.#process.allocate(bytes - this.#allocated);
      this.#allocated = bytes;
    }
    yield* this.#process.flush(65_536);
    if (this.#process.step()) yield* this.#process.pause();
  }

  #simple(command: SedCommand): void {
    switch (command.name) {
      case 's': this.#substitute(command); break;
      case 'y': this.#pattern = [...this.#pattern].map((char) => command.table?.get(char) ?? char).join(''); break;
      case 'p': this.#output.put(this.#pattern, this.#ended); break;
      case 'P': this.#output.put(this.#pattern.split('\n')[0]!); break;
      case 'w': this.#writeTo(command); break;
      case '=': this.#output.put(String(this.#line)); break;
      case 'a': this.#after.push(`${command.text}\n`); break;
      case 'i': this.#output.put(command.text); break;
      case 'h': this.#hold = this.#pattern; break;
      case 'H': this.#hold += `\n${this.#pattern}`; break;
      case 'g': this.#pattern = this.#hold; break;
      case 'G': this.#pattern += `\n${this.#hold}`; break;
      case 'x': [this.#pattern, this.#hold] = [this.#hold, this.#pattern]; break;
      case 'r': {
        const node = attempt(() => stat(this.#process, command.text));
        if (!(node instanceof Errno) && node.kind === 'file') this.#after.push(dataOf(node));
        break;
      }
      case 'l': this.#output.put(`${this.#pattern.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n')}$`); break;
      default:
    }
  }

  #writeTo({ file }: SedCommand): void {
    if (file !== undefined) (this.#files.get(file) ?? this.#output).put(this.#pattern, this.#ended);
  }

  #substitute(command: SedCommand): void {
    const regex = this.#ranges.regexOf(command.regex);
    if (!regex) throw new ScriptFault('no previous regexp');
    const flags = command.flags ?? '';
    const nth = Number(/\d+/.exec(flags)?.[0] ?? '1');
    let count = 0;
    let end = -1;
    const global = new RegExp(regex.source, regex.flags.includes('g') ? regex.flags : `${regex.flags}g`);
    const result = this.#pattern.replace(global, (...match) => {
      const at = match.find((part): part is number => typeof part === 'number')!;
      const text = match[0] as string;
      // Where a match ends no empty one begins.
      if (text === '' && at === end) return text;
      end = text === '' ? -1 : at + text.length;
      count++;
      if (count < nth || (count > nth && !flags.includes('g'))) return text;
      return replacement(command.text, match as string[]);
    });
    if (count < nth) return;
    this.#substituted = true;
    this.#pattern = result;
    if (flags.includes('p')) this.#output.put(this.#pattern, this.#ended);
    this.#writeTo(command);
  }

  #selected(command: SedCommand): boolean {
    return this.#ranges.selects(command, { number: this.#line, isLast: this.#next === undefined, text: this.#pattern });
  }
}

/** `&`, `\1` and escapes in the text that replaces a match. */
function replacement(text: string, match: readonly string[]): string {
  return text.replace(/\\([\s\S])|&/g, (whole, escape: string | undefined) => {
    if (whole === '&') return match[0]!;
    if (/^\d$/.test(escape!)) return typeof match[Number(escape)] === 'string' ? match[Number(escape)]! : '';
    return escaped.get(escape!) ?? escape!;
  });
}

const escaped = new Map([['n', '\n'], ['t', '\t'], ['r', '\r']]);
