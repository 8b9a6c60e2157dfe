/** Evaluates the expressions of awk. */
import { Prng } from '../../../lib/prng.ts';
import { become } from '../../exec.ts';
import type { OpenFile } from '../../open-file.ts';
import type { Process } from '../../process.ts';
import { Errno } from '../../errno.ts';
import type { Run } from '../../wait.ts';
import type { LineReader } from '../input.ts';
import { formatDate } from '../date.ts';
import { resolveCommand } from '../process-tools.ts';
import { AwkFault, type Expr, type Program, type Statement } from './ast.ts';
import { generalSubstitute, pureFunctions, substituteText, toRegex } from './functions.ts';
import { splitText, type AwkArray, type AwkState } from './state.ts';
import { compareValues, Input, isTrue, toNumber, toText, type Value } from './values.ts';

/** A variable without a value that was handed to a function: when that makes an array of it, the caller's is the same one. */
export class Untyped {
  readonly make: () => AwkArray;

  constructor(make: () => AwkArray) {
    this.make = make;
  }
}

export type Local = Value | AwkArray | Untyped;

/** Ends the program, or the record, from inside of a function. */
export class Leave {
  readonly flow: 'exit' | 'next' | 'nextfile';

  constructor(flow: Leave['flow']) {
    this.flow = flow;
  }
}

/** The array that a local variable is, or becomes. */
export function arrayIn(locals: Map<string, Local>, name: string): AwkArray {
  const local = locals.get(name);
  const array: AwkArray = local instanceof Map ? local : local instanceof Untyped ? local.make() : new Map();
  locals.set(name, array);
  return array;
}

export abstract class Evaluator {
  readonly state: AwkState;
  protected readonly program: Program;
  protected readonly process: Process;
  protected locals: Map<string, Local> | undefined;
  #random = new Prng(1);
  #seed = 1;
  /** The main input, for `getline` without a source. */
  readonly #nextRecord: () => Run<string | undefined>;

  constructor(program: Program, state: AwkState, nextRecord: () => Run<string | undefined>) {
    this.program = program;
    this.state = state;
    this.process = state.process;
    this.#nextRecord = nextRecord;
  }

  /** Calls a function of the program. */
  protected abstract callOwn(parameters: readonly string[], body: Statement, args: readonly Expr[]): Run<Value>;

  /** Starts a command with one stream replaced. */
  protected start(command: string, fd: number, file: OpenFile): Process {
    const { env, cwd, umask, credentials, ignored, machine } = this.process;
    const files = this.process.files.slice(0, 3);
    files[fd] = file;
    return machine.spawn(this.process, { args: ['sh', '-c', command], env, cwd, umask, credentials, files, ignored }, function* (child) {
      const found = resolveCommand(child, child.args);
      return found instanceof Errno ? 127 : yield* become(child, found);
    });
  }

  protected array(name: string): AwkArray {
    const local = this.locals?.get(name);
    if (local instanceof Map) return local;
    if (this.locals?.has(name)) {
      return arrayIn(this.locals, name);
    }
    return this.state.array(name);
  }

  protected setName(name: string, value: Value): void {
    if (this.locals?.has(name)) this.locals.set(name, value);
    else this.state.set(name, value);
  }

  #getName(name: string): Value {
    const local = this.locals?.get(name);
    if (local instanceof Map) throw new AwkFault('Illegal type');
    if (local instanceof Untyped) return undefined;
    return this.locals?.has(name) ? local : this.state.get(name);
  }

  protected * key(keys: readonly Expr[]): Run<string> {
    const parts: string[] = [];
    for (const key of keys) parts.push(this.#string(yield* this.value(key)));
    return parts.join(this.state.text('SUBSEP'));
  }

  /** A value as text: numbers that are not whole by CONVFMT. */
  #string(value: Value): string {
    return typeof value === 'number' && !Number.isInteger(value) ? toText(value, this.state.text('CONVFMT')) : toText(value);
  }

  protected * assign(target: Expr, value: Value): Run<void> {
    if (target.type === 'name') this.setName(target.name, value);
    else if (target.type === 'field') this.state.setField(toNumber(yield* this.value(target.index)), toText(value));
    else if (target.type === 'element') this.array(target.name).set(yield* this.key(target.keys), value);
    else throw new AwkFault('Illegal assignment');
  }

  protected * value(expr: Expr): Run<Value> {
    switch (expr.type) {
      case 'number':
      case 'string': return expr.value;
      case 'regex': return toText(this.state.field(0)).search(expr.regex) >= 0 ? 1 : 0;
      case 'name': return expr.name === 'length' ? toText(this.state.field(0)).length : this.#getName(expr.name);
      case 'field': return this.state.field(toNumber(yield* this.value(expr.index)));
      case 'element': {
        const array = this.array(expr.name);
        const key = yield* this.key(expr.keys);
        if (!array.has(key)) array.set(key, undefined);
        return array.get(key);
      }
      case 'unary': {
        const value = yield* this.value(expr.operand);
        return expr.operator === '!' ? (isTrue(value) ? 0 : 1) : expr.operator === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'binary':
        if (expr.operator === '~') return yield* this.#matches(expr.left, expr.right);
        if (expr.operator === ' ') return this.#string(yield* this.value(expr.left)) + this.#string(yield* this.value(expr.right));
        return apply(expr.operator, yield* this.value(expr.left), yield* this.value(expr.right));
      case 'and': return isTrue(yield* this.value(expr.left)) && isTrue(yield* this.value(expr.right)) ? 1 : 0;
      case 'or': return isTrue(yield* this.value(expr.left)) || isTrue(yield* this.value(expr.right)) ? 1 : 0;
      case 'conditional': return yield* this.value(isTrue(yield* this.value(expr.test)) ? expr.then : expr.otherwise);
      case 'assign': {
        const right = yield* this.value(expr.value);
        const value = expr.operator === '' ? right : apply(expr.operator === '**' ? '^' : expr.operator, yield* this.value(expr.target), right);
        yield* this.assign(expr.target, value);
        return value;
      }
      case 'step': {
        const before = toNumber(yield* this.value(expr.target));
        yield* this.assign(expr.target, before + expr.by);
        return expr.after ? before : before + expr.by;
      }
      case 'in': return this.array(expr.name).has(yield* this.key(expr.keys)) ? 1 : 0;
      case 'call': return yield* this.#call(expr);
      default: return yield* this.#getline(expr);
    }
  }

  * #regex(expr: Expr | undefined): Run<RegExp> {
    if (expr?.type === 'regex') return expr.regex;
    return toRegex(expr && (yield* this.value(expr)));
  }

  * #matches(left: Expr, right: Expr): Run<Value> {
    const text = toText(yield* this.value(left));
    return text.search(yield* this.#regex(right)) >= 0 ? 1 : 0;
  }

  * #getline(expr: Expr & { type: 'getline' }): Run<Value> {
    let line: string | undefined;
    if (expr.from === 'input') line = yield* this.#nextRecord();
    else {
      const source = toText(yield* this.value(expr.source!));
      yield* this.process.flush();
      const reader: LineReader | Errno = this.state.reader(expr.from, source, (command, output) => this.start(command, 1, output));
      if (reader instanceof Errno) return -1;
      line = yield* reader.next();
    }
    if (line === undefined) return 0;
    if (expr.from === 'input') for (const name of ['NR', 'FNR']) this.state.set(name, toNumber(this.state.get(name)) + 1);
    if (expr.target) yield* this.assign(expr.target, new Input(line));
    else this.state.setRecord(line);
    return 1;
  }

  * #call(expr: Expr & { type: 'call' }): Run<Value> {
    const { name, args } = expr;
    const own = this.program.functions.get(name);
    if (own) return yield* this.callOwn(own.parameters, own.body, args);
    const pure = Object.hasOwn(pureFunctions, name) ? pureFunctions[name] : undefined;
    if (pure) {
      const values: Value[] = [];
      for (const arg of args) values.push(yield* this.value(arg));
      return pure(values);
    }
    switch (name) {
      case 'length': return yield* this.#length(args[0]);
      case 'split': return yield* this.#split(args);
      case 'sub':
      case 'gsub': return yield* this.#substitute(name === 'gsub', args);
      case 'match': {
        const found = (yield* this.#regex(args[1])).exec(toText(yield* this.value(args[0]!)));
        this.state.set('RSTART', found ? found.index + 1 : 0);
        this.state.set('RLENGTH', found ? found[0].length : -1);
        return found ? found.index + 1 : 0;
      }
      case 'system': return yield* this.#system(toText(yield* this.value(args[0]!)));
      case 'close': return yield* this.state.close(toText(yield* this.value(args[0]!)));
      case 'fflush':
        yield* this.process.flush();
        return 0;
      case 'gensub': {
        const regex = yield* this.#regex(args[0]);
        const [by = '', which = '', text = ''] = yield* this.#texts([args[1]!, args[2]!, args[3] ?? wholeRecord]);
        return generalSubstitute(regex, by, which, text);
      }
      case 'rand': return this.#random.fraction();
      case 'srand': {
        const before = this.#seed;
        this.#seed = args[0] ? Math.trunc(toNumber(yield* this.value(args[0]))) : Math.floor(this.process.machine.clock.now() / 1000);
        this.#random = new Prng(this.#seed);
        return before;
      }
      case 'systime': return Math.floor(this.process.machine.clock.now() / 1000);
      case 'strftime': {
        const format = args[0] ? toText(yield* this.value(args[0])) : '%a %b %d %H:%M:%S %Z %Y';
        return formatDate(args[1] ? toNumber(yield* this.value(args[1])) * 1000 : this.process.machine.clock.now(), format);
      }
      default: throw new AwkFault('Call to undefined function');
    }
  }

  * #texts(args: readonly Expr[]): Run<string[]> {
    const texts: string[] = [];
    for (const arg of args) texts.push(this.#string(yield* this.value(arg)));
    return texts;
  }

  * #length(arg: Expr | undefined): Run<Value> {
    if (!arg) return toText(this.state.field(0)).length;
    const isArray = arg.type === 'name' && (this.locals?.get(arg.name) instanceof Map || (this.state.arrays.has(arg.name) && !this.locals?.has(arg.name)));
    return isArray ? this.array(arg.name).size : toText(yield* this.value(arg)).length;
  }

  * #split(args: readonly Expr[]): Run<Value> {
    const [source, target, separator] = args;
    const text = toText(yield* this.value(source!));
    const by = !separator ? this.state.text('FS') : separator.type === 'regex' ? separator.regex : toText(yield* this.value(separator));
    if (target?.type !== 'name') throw new AwkFault('Not an array');
    const array = this.array(target.name);
    array.clear();
    const parts = splitText(text, by);
    for (const [i, part] of parts.entries()) array.set(String(i + 1), new Input(part));
    return parts.length;
  }

  * #substitute(all: boolean, args: readonly Expr[]): Run<Value> {
    const regex = yield* this.#regex(args[0]);
    const by = toText(yield* this.value(args[1]!));
    const target = args[2] ?? wholeRecord;
    const { text, count } = substituteText(regex, by, toText(yield* this.value(target)), all);
    if (count > 0) yield* this.assign(target, text);
    return count;
  }

  * #system(command: string): Run<Value> {
    yield* this.process.flush();
    const child = this.start(command, 0, this.process.file(0));
    while (!child.status) yield { queues: [child.exited] };
    return child.status.code;
  }
}

const wholeRecord: Expr = { type: 'field', index: { type: 'number', value: 0 } };

function apply(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '+': return toNumber(left) + toNumber(right);
    case '-': return toNumber(left) - toNumber(right);
    case '*': return toNumber(left) * toNumber(right);
    case '/':
    case '%': {
      const divisor = toNumber(right);
      if (divisor === 0) throw new AwkFault('Division by zero');
      return operator === '/' ? toNumber(left) / divisor : toNumber(left) % divisor;
    }
    case '^': throw new AwkFault('Math support is not compiled in');
    case '<': return compareValues(left, right) < 0 ? 1 : 0;
    case '<=': return compareValues(left, right) <= 0 ? 1 : 0;
    case '>': return compareValues(left, right) > 0 ? 1 : 0;
    case '>=': return compareValues(left, right) >= 0 ? 1 : 0;
    case '!=': return compareValues(left, right) === 0 ? 0 : 1;
    default: return compareValues(left, right) === 0 ? 1 : 0;
  }
}
