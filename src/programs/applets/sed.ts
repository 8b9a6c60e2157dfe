/** sed: runs a script on lines. The script is read by `sed-script.ts`. */
import { attempt, Errno } from '../errno.ts';
import { dataOf } from '../files/nodes.ts';
import type { Process } from '../process.ts';
import { BadRegex } from '../regex.ts';
import { forReading, forWriting, open, readFile, setData, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { LineReader, openInput } from './input.ts';
import { parseOptions, showUsage } from './options.ts';
import { parseScript, ScriptFault, type Address, type SedCommand } from './sed-script.ts';

/** What a byte of the pattern space counts as memory: a substitution makes many copies, and a line of megabytes takes seconds. */
const sedCopies = 64;

export function* sed(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'e:f:nrEi::sz', { quiet: 'n', 'in-place': 'i', expression: 'e' });
  const rest = [...options.rest];
  const texts = [...options.all('e'), ...options.all('f').map((path) => readFile(process, path).replace(/\n$/, ''))];
  if (texts.length === 0) {
    const text = rest.shift();
    if (text === undefined) return showUsage(process, 'sed');
    texts.push(text);
  }
  try {
    const commands = parseScript(texts.join('\n'), options.has('E') || options.has('r'));
    const editor = new Editor(process, commands, options.has('n'));
    return yield* options.has('i') ? inPlace(process, editor, rest) : filter(process, editor, rest);
  } catch (error) {
    if (!(error instanceof ScriptFault) && !(error instanceof BadRegex)) throw error;
    process.complain(`sed: ${error instanceof BadRegex ? `bad regex '${error.message}'` : error.message}\n`);
    return 1;
  }
}

function* filter(process: Process, editor: Editor, paths: readonly string[]): Run<number> {
  const readers: LineReader[] = [];
  let status = 0;
  for (const path of paths.length > 0 ? paths : ['-']) {
    const fd = openInput(process, path);
    if (fd instanceof Errno) {
      process.complain(`sed: ${path}: ${fd.message}\n`);
      status = 1;
    } else readers.push(new LineReader(process, fd));
  }
  return (yield* editor.run(readers)) || status;
}

function* inPlace(process: Process, editor: Editor, paths: readonly string[]): Run<number> {
  let status = 0;
  for (const path of paths) {
    const input = attempt(() => open(process, path, forReading));
    if (input instanceof Errno) {
      process.complain(`sed: ${path}: ${input.message}\n`);
      status = 1;
      continue;
    }
    const scratch = process.addFile(open(process, '/tmp/.sed', forWriting));
    const before = process.file(1);
    before.retain();
    process.setFile(1, process.file(scratch));
    yield* editor.run([new LineReader(process, process.addFile(input))]);
    yield* process.flush();
    const node = stat(process, '/tmp/.sed');
    const target = stat(process, path);
    if (node.kind === 'file' && target.kind === 'file') setData(process, target, dataOf(node));
    process.setFile(1, before);
    before.release();
  }
  return status;
}

class Editor {
  readonly #process: Process;
  readonly #commands: readonly SedCommand[];
  readonly #quiet: boolean;
  readonly #active = new Map<SedCommand, boolean>();
  readonly #rangeEnd = new Map<SedCommand, number>();
  #lastRegex: RegExp | undefined;
  #pattern = '';
  #hold = '';
  #line = 0;
  #after: string[] = [];
  #substituted = false;
  #allocated = 0;
  #readers: LineReader[] = [];
  #next: string | undefined;

  constructor(process: Process, commands: readonly SedCommand[], quiet: boolean) {
    this.#process = process;
    this.#commands = commands;
    this.#quiet = quiet;
  }

  * run(readers: readonly LineReader[]): Run<number> {
    this.#readers = [...readers];
    this.#line = 0;
    this.#next = yield* this.#read();
    while (yield* this.#advance()) {
      if (this.#process.step()) yield* this.#process.pause();
      const quit = yield* this.#cycle();
      if (quit !== undefined) return quit;
    }
    return 0;
  }

  * #read(): Run<string | undefined> {
    for (;;) {
      const reader = this.#readers[0];
      if (!reader) return undefined;
      const line = yield* reader.next();
      if (line !== undefined) return line;
      if (this.#readers.length === 1) return undefined;
      this.#readers.shift();
    }
  }

  /** Takes the next line; false at the end. */
  * #advance(): Run<boolean> {
    if (this.#next === undefined) return false;
    this.#pattern = this.#next;
    this.#line++;
    this.#next = yield* this.#read();
    return true;
  }

  #emit(text: string): void {
    const last = this.#next === undefined && this.#readers[0]?.complete === false;
    this.#process.print(last ? text : `${text}\n`);
  }

  #endCycle(): void {
    if (!this.#quiet) this.#emit(this.#pattern);
    for (const text of this.#after) this.#process.print(text);
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
          if (this.#next === undefined) {
            this.#endCycle();
            return 0;
          }
          this.#endCycle();
          yield* this.#advance();
          break;
        case 'N': {
          const before = this.#pattern;
          if (!(yield* this.#advance())) {
            this.#endCycle();
            return 0;
          }
          this.#pattern = `${before}\n${this.#pattern}`;
          break;
        }
        case 'b': at = command.target; break;
        case 't': if (this.#substituted) at = command.target;
          this.#substituted = false;
          break;
        case 'c':
          if (!this.#active.get(command)) this.#process.print(`${command.text}\n`);
          return undefined;
        default: this.#simple(command);
      }
    }
    this.#endCycle();
    return undefined;
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
      case 'p': this.#emit(this.#pattern); break;
      case 'P': this.#process.print(`${this.#pattern.split('\n')[0]}\n`); break;
      case '=': this.#process.print(`${this.#line}\n`); break;
      case 'a': this.#after.push(`${command.text}\n`); break;
      case 'i': this.#process.print(`${command.text}\n`); break;
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
      case 'l': this.#process.print(`${this.#pattern.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n')}$\n`); break;
      default:
    }
  }

  #substitute(command: SedCommand): void {
    const regex = command.regex ?? this.#lastRegex;
    if (!regex) throw new ScriptFault('no previous regexp');
    this.#lastRegex = regex;
    const flags = command.flags ?? '';
    const nth = Number(/\d+/.exec(flags)?.[0] ?? '1');
    let count = 0;
    const global = new RegExp(regex.source, regex.flags.includes('g') ? regex.flags : `${regex.flags}g`);
    const result = this.#pattern.replace(global, (...match) => {
      count++;
      if (count < nth || (count > nth && !flags.includes('g'))) return match[0] as string;
      this.#substituted = true;
      return replacement(command.text, match as string[]);
    });
    if (count < nth) return;
    this.#pattern = result;
    if (flags.includes('p')) this.#emit(this.#pattern);
  }

  #selected(command: SedCommand): boolean {
    const { first, second } = command;
    if (!first) return true;
    if (!second) return this.#matches(first);
    if (this.#active.get(command)) {
      const end = this.#rangeEnd.get(command);
      const over = end !== undefined ? this.#line >= end : this.#matches(second);
      if (over) this.#active.set(command, false);
      return end === undefined || this.#line <= end;
    }
    if (!this.#matches(first)) return false;
    const end = second.kind === 'line' ? second.line : second.kind === 'offset' ? this.#line + second.line : undefined;
    if (end === undefined) this.#rangeEnd.delete(command);
    else this.#rangeEnd.set(command, end);
    this.#active.set(command, second.kind === 'last' ? this.#next !== undefined : end === undefined || end > this.#line);
    return true;
  }

  #matches(address: Address): boolean {
    switch (address.kind) {
      case 'line': return this.#line === address.line;
      case 'last': return this.#next === undefined;
      case 'step': return address.step === 0 ? this.#line === address.line : this.#line >= address.line && (this.#line - address.line) % address.step === 0;
      case 'offset': return false;
      default: {
        const regex = address.regex ?? this.#lastRegex;
        this.#lastRegex = regex;
        return regex !== undefined && this.#pattern.search(regex) >= 0;
      }
    }
  }
}

/** `&`, `\1` and escapes in the text that replaces a match. */
function replacement(text: string, match: readonly string[]): string {
  return text.replace(/\\([0-9nt&\\\n]|[\s\S])|&/g, (whole, escape: string | undefined) => {
    if (whole === '&') return match[0]!;
    if (/^\d$/.test(escape!)) return typeof match[Number(escape)] === 'string' ? match[Number(escape)]! : '';
    return escape === 'n' ? '\n' : escape === 't' ? '\t' : escape!;
  });
}
