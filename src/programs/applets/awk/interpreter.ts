/** Runs the rules and statements of an awk program. */
import type { Run } from '../../wait.ts';
import { AwkFault, type Expr, type Rule, type Statement } from './ast.ts';
import { arrayIn, Evaluator, Leave, Untyped, type Local } from './evaluator.ts';
import { formatValues, Input, isTrue, toNumber, toText, type Value } from './values.ts';

/** How a statement ended. */
type Flow = 'normal' | 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return';

const depthMax = 150;

export class Interpreter extends Evaluator {
  exitCode = 0;
  readonly #inRange = new Set<Rule>();
  #returned: Value;
  #depth = 0;

  /** Runs the rules of BEGIN or END; false when the program exits. */
  * special(pattern: 'BEGIN' | 'END'): Run<boolean> {
    for (const rule of this.program.rules) {
      if (rule.pattern !== pattern || !rule.body) continue;
      if ((yield* this.#runRule(rule.body)) === 'exit') return false;
    }
    return true;
  }

  /** Runs the other rules on the record, and says what comes after it. */
  * record(): Run<'record' | 'file' | 'exit'> {
    for (const rule of this.program.rules) {
      if (rule.pattern === 'BEGIN' || rule.pattern === 'END' || !(yield* this.#selected(rule))) continue;
      if (!rule.body) this.process.print(toText(this.state.field(0)) + this.state.text('ORS'));
      const flow = rule.body ? yield* this.#runRule(rule.body) : 'normal';
      if (flow === 'exit') return 'exit';
      if (flow === 'next') return 'record';
      if (flow === 'nextfile') return 'file';
    }
    return 'record';
  }

  * #runRule(body: Statement): Run<Flow> {
    try {
      return yield* this.#run(body);
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      this.locals = undefined;
      this.#depth = 0;
      return error.flow;
    }
  }

  * #selected(rule: Rule): Run<boolean> {
    const { pattern, until } = rule;
    if (pattern === undefined || typeof pattern === 'string') return true;
    if (!until) return isTrue(yield* this.value(pattern));
    if (!this.#inRange.has(rule)) {
      if (!isTrue(yield* this.value(pattern))) return false;
      this.#inRange.add(rule);
    }
    if (isTrue(yield* this.value(until))) this.#inRange.delete(rule);
    return true;
  }

  * #run(statement: Statement): Run<Flow> {
    if (this.process.step()) yield* this.process.pause();
    switch (statement.type) {
      case 'expression':
        yield* this.value(statement.value);
        return 'normal';
      case 'print':
        yield* this.#print(statement);
        return 'normal';
      case 'block':
        for (const inner of statement.body) {
          const flow = yield* this.#run(inner);
          if (flow !== 'normal') return flow;
        }
        return 'normal';
      case 'if': {
        const branch = isTrue(yield* this.value(statement.test)) ? statement.then : statement.otherwise;
        return branch ? yield* this.#run(branch) : 'normal';
      }
      case 'while': return yield* this.#loop(statement.atLeastOnce ? undefined : statement.test, statement.test, undefined, statement.body);
      case 'for':
        if (statement.before) yield* this.#run(statement.before);
        return yield* this.#loop(statement.test, statement.test, statement.step, statement.body);
      case 'forIn': return yield* this.#forIn(statement);
      case 'delete': {
        const array = this.array(statement.name);
        if (statement.keys) array.delete(yield* this.key(statement.keys));
        else array.clear();
        return 'normal';
      }
      case 'exit':
        if (statement.value) this.exitCode = toNumber(yield* this.value(statement.value)) & 255;
        return 'exit';
      case 'return':
        this.#returned = statement.value && (yield* this.value(statement.value));
        return 'return';
      default: return statement.type;
    }
  }

  * #loop(first: Expr | undefined, test: Expr | undefined, step: Statement | undefined, body: Statement): Run<Flow> {
    for (let check = first; !check || isTrue(yield* this.value(check)); check = test) {
      const flow = yield* this.#run(body);
      if (flow === 'break') break;
      if (flow !== 'normal' && flow !== 'continue') return flow;
      if (step) yield* this.#run(step);
    }
    return 'normal';
  }

  * #forIn(statement: Statement & { type: 'forIn' }): Run<Flow> {
    for (const key of [...this.array(statement.array).keys()]) {
      this.setName(statement.name, new Input(key));
      const flow = yield* this.#run(statement.body);
      if (flow === 'break') break;
      if (flow !== 'normal' && flow !== 'continue') return flow;
    }
    return 'normal';
  }

  * #print(statement: Statement & { type: 'print' }): Run<void> {
    if (!statement.to && !statement.formatted) return yield* this.#printPlain(statement.args);
    const values: Value[] = [];
    for (const arg of statement.args) values.push(yield* this.value(arg));
    const text = statement.formatted ? formatValues(toText(values[0]), values.slice(1)) : this.#line(values);
    if (!statement.to) {
      this.process.print(text);
      return yield* this.process.flush(4096);
    }
    const target = toText(yield* this.value(statement.to.target));
    if (statement.to.operator === '|') yield* this.process.flush();
    const fd = this.state.output(statement.to.operator, target, (command, input) => this.start(command, 0, input));
    if (target === '/dev/stdout') yield* this.process.flush();
    yield* this.process.write(fd, text);
  }

  /** Prints each value as soon as it is known: an error in a later one does not take it back. */
  * #printPlain(args: readonly Expr[]): Run<void> {
    const format = this.state.text('OFMT');
    if (args.length === 0) this.process.print(toText(this.state.field(0)));
    for (const [i, arg] of args.entries()) {
      if (i > 0) this.process.print(this.state.text('OFS'));
      this.process.print(toText(yield* this.value(arg), format));
    }
    this.process.print(this.state.text('ORS'));
    yield* this.process.flush(4096);
  }

  #line(values: readonly Value[]): string {
    const format = this.state.text('OFMT');
    const text = values.length === 0 ? toText(this.state.field(0)) : values.map((value) => toText(value, format)).join(this.state.text('OFS'));
    return text + this.state.text('ORS');
  }

  protected * callOwn(parameters: readonly string[], body: Statement, args: readonly Expr[]): Run<Value> {
    if (++this.#depth > depthMax) throw new AwkFault('recursion too deep');
    const outer = this.locals;
    const locals = new Map<string, Local>();
    for (const arg of args.slice(parameters.length)) yield* this.value(arg);
    for (const [i, name] of parameters.entries()) locals.set(name, args[i] && (yield* this.#argument(args[i])));
    this.locals = locals;
    this.#returned = undefined;
    const flow = yield* this.#run(body);
    if (flow === 'exit' || flow === 'next' || flow === 'nextfile') throw new Leave(flow);
    this.locals = outer;
    this.#depth--;
    return this.#returned;
  }

  /** Arrays go by reference, and so does what may become one. */
  * #argument(arg: Expr): Run<Local> {
    const { locals } = this;
    if (arg.type !== 'name' || arg.name === 'length') return yield* this.value(arg);
    const { name } = arg;
    const isLocal = locals?.has(name) === true;
    if (isLocal ? locals.get(name) instanceof Map : this.state.arrays.has(name)) return this.array(name);
    const value = yield* this.value(arg);
    return value ?? new Untyped(() => (isLocal ? arrayIn(locals, name) : this.state.array(name)));
  }
}
