/** awk: options, operands and the main loop. */
import { echoEscapes } from '../escapes.ts';
import { Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { BadRegex } from '../regex.ts';
import type { Run } from '../wait.ts';
import { AwkFault } from './awk/ast.ts';
import { toRegex } from './awk/functions.ts';
import { Interpreter } from './awk/interpreter.ts';
import { parseAwk } from './awk/parse.ts';
import { AwkState, CannotOpen } from './awk/state.ts';
import { Input, toNumber } from './awk/values.ts';
import { LineReader, openInput, readInput } from './input.ts';
import { parseOptions, showUsage } from './options.ts';

export function* awk(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+F:v:f:e:W:');
  const rest = [...options.rest];
  const texts = [...options.all('e')];
  for (const path of options.all('f')) {
    const text = yield* readInput(process, path);
    if (text instanceof Errno) {
      process.complain(`awk: can't open '${path}': ${text.message}\n`);
      return 1;
    }
    texts.push(text);
  }
  if (texts.length === 0) {
    const text = rest.shift();
    if (text === undefined) return showUsage(process, 'awk');
    texts.push(text);
  }
  try {
    const program = parseAwk(texts.join('\n'));
    const state = new AwkState(process);
    const separator = options.value('F');
    if (separator !== undefined) state.set('FS', echoEscapes(separator, false).text);
    for (const text of options.all('v')) assign(state, text);
    state.arrays.set('ENVIRON', new Map([...process.env].map(([name, value]) => [name, new Input(value)])));
    state.arrays.set('ARGV', new Map(['awk', ...rest].map((word, i) => [String(i), new Input(word)])));
    state.set('ARGC', rest.length + 1);
    return yield* run(process, state, program, rest);
  } catch (error) {
    if (error instanceof CannotOpen) {
      process.complain(`awk: ${error.message}\n`);
      return 1;
    }
    if (!(error instanceof AwkFault) && !(error instanceof BadRegex)) throw error;
    process.complain(`awk: cmd. line:1: ${error instanceof BadRegex ? `bad regex '${error.message}'` : error.message}\n`);
    return 1;
  }
}

function assign(state: AwkState, text: string): void {
  const at = text.indexOf('=');
  state.set(text.slice(0, at), new Input(echoEscapes(text.slice(at + 1), false).text));
}

function* run(process: Process, state: AwkState, program: ReturnType<typeof parseAwk>, operands: readonly string[]): Run<number> {
  const input = new MainInput(process, state, operands);
  const interpreter = new Interpreter(program, state, () => input.next());
  const goesOn = yield* interpreter.special('BEGIN');
  const reads = program.rules.some(({ pattern }) => pattern !== 'BEGIN');
  if (goesOn && reads) {
    for (let record = yield* input.next(); record !== undefined; record = yield* input.next()) {
      state.set('NR', toNumber(state.get('NR')) + 1);
      state.set('FNR', toNumber(state.get('FNR')) + 1);
      state.setRecord(record);
      const next = yield* interpreter.record();
      if (next === 'exit') break;
      if (next === 'file') input.nextFile();
    }
  }
  // Also after an exit elsewhere.
  yield* interpreter.special('END');
  yield* process.flush();
  yield* state.closeAll();
  return interpreter.exitCode || (input.failed ? 1 : 0);
}

/** The operands one after another: files, and assignments between them. */
class MainInput {
  failed = false;
  readonly #process: Process;
  readonly #state: AwkState;
  readonly #operands: string[];
  #reader: LineReader | undefined;
  #readAny = false;

  constructor(process: Process, state: AwkState, operands: readonly string[]) {
    this.#process = process;
    this.#state = state;
    this.#operands = [...operands];
  }

  * next(): Run<string | undefined> {
    for (;;) {
      this.#reader ??= this.#open();
      if (!this.#reader) return undefined;
      const record = yield* this.#record(this.#reader);
      if (record !== undefined) return record;
      this.#reader = undefined;
    }
  }

  /** Leaves what is left of the file. */
  nextFile(): void {
    this.#reader = undefined;
  }

  /** RS: one character, '' for paragraphs, or a regular expression. */
  * #record(reader: LineReader): Run<string | undefined> {
    const separator = this.#state.text('RS');
    if (separator.length === 1) return yield* reader.next(separator);
    if (separator !== '') return yield* reader.nextMatch(toRegex(separator));
    const paragraph: string[] = [];
    for (;;) {
      const line = yield* reader.next();
      // The last one of a file keeps its newline.
      if (line === undefined) return paragraph.length > 0 ? `${paragraph.join('\n')}${reader.complete ? '\n' : ''}` : undefined;
      if (line !== '') paragraph.push(line);
      else if (paragraph.length > 0) return paragraph.join('\n');
    }
  }

  #open(): LineReader | undefined {
    for (let operand = this.#operands.shift(); operand !== undefined; operand = this.#operands.shift()) {
      if (/^[A-Za-z_]\w*=/.test(operand)) {
        assign(this.#state, operand);
        continue;
      }
      this.#readAny = true;
      const fd = openInput(this.#process, operand);
      if (fd instanceof Errno) {
        this.#process.complain(`awk: ${operand}: ${fd.message}\n`);
        this.failed = true;
        continue;
      }
      this.#state.set('FILENAME', operand);
      this.#state.set('FNR', 0);
      return new LineReader(this.#process, fd);
    }
    if (this.#readAny) return undefined;
    this.#readAny = true;
    return new LineReader(this.#process, 0);
  }
}
