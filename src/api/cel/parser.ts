/** From the text of an expression to what it says, with all macros written out (cel-go's parser/parser.go and its grammar). */
import { qualifiedName, type Expr, type Item, type StructExpr } from './ast.ts';
import { ExpressionError, throwFaults, type Fault } from './expression-error.ts';
import { numberOf, tokensOf, unquoted, type Token } from './lexer.ts';
import { expandedMember, presenceTest } from './macros.ts';
import type { Value } from './values.ts';

/** Names that CEL keeps for itself. */
const reserved = new Set(['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace',
  'return', 'var', 'void', 'while']);
const isStart = ({ kind, text }: Token): boolean => kind !== 'end' && (kind !== 'operator' || '[{(-!.'.includes(text));

/** What an expression may start with, as the grammar of cel-go prints it. */
const startTokens = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const levels = [['||'], ['&&'], ['<', '<=', '>', '>=', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];
/** What may stand after a value. */
const follows = new Set([...levels.flat(), '?', '.', '[']);
const charactersMax = 100_000;
const depthMax = 250;

/** `hasBindings`: `cel.bind` is a macro, too. Throws ExpressionError. */
export function parseExpression(text: string, hasBindings = false): Expr {
  const size = [...text].length;
  if (size > charactersMax) throw new ExpressionError(`expression code point size exceeds limit: size: ${size}, limit ${charactersMax}`, -1);
  const faults: Fault[] = [];
  const parser = new Parser(tokensOf(text, faults), faults, hasBindings);
  let expr: Expr | undefined;
  try {
    expr = parser.whole();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    faults.push(...error.faults);
  }
  throwFaults(faults);
  return expr!;
}

class Parser {
  readonly #tokens: readonly Token[];
  /** What is wrong without being a mistake in syntax: reading goes on. */
  readonly #faults: Fault[];
  readonly #hasBindings: boolean;
  /** The brackets that are open, by what closes them. */
  readonly #closers: string[] = [];
  #place = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], faults: Fault[], hasBindings: boolean) {
    this.#tokens = tokens;
    this.#faults = faults;
    this.#hasBindings = hasBindings;
  }

  whole(): Expr {
    const expr = this.#conditional();
    if (this.#next.kind !== 'end') throw this.#unexpected('<EOF>', (token) => token.kind === 'end');
    return expr;
  }

  get #next(): Token {
    return this.#tokens[this.#place]!;
  }

  /** A token too many is one after which there is what was expected. */
  #unexpected(expected: string, isExpected: (token: Token) => boolean): ExpressionError {
    const { text, at, kind } = this.#next;
    const following = this.#tokens[this.#place + 1];
    const what = kind !== 'end' && following && isExpected(following) ? 'extraneous' : 'mismatched';
    return new ExpressionError(`Syntax error: ${what} input '${text}' expecting ${expected}`, at);
  }

  #accept(text: string): Token | undefined {
    const token = this.#next;
    if (token.kind === 'string' || token.text !== text) return undefined;
    this.#place++;
    return token;
  }

  /** One token too many or too few is reported and made up for. */
  #expect(text: string): void {
    if (this.#accept(text)) return;
    const error = this.#unexpected(`'${text}'`, (token) => token.text === text);
    const isExtraneous = error.message.includes('extraneous');
    if (isExtraneous) this.#place += 2;
    else if (!this.#isMissing(text)) throw error;
    const { text: found, at } = this.#next;
    this.#faults.push(...(isExtraneous ? error.faults : [{ message: `Syntax error: missing '${text}' at '${found}'`, at }]));
  }

  /** What could have come after it tells that it alone is missing. */
  #isMissing(text: string): boolean {
    if (text === ':') return isStart(this.#next);
    const { text: next, kind } = this.#next;
    const outer = this.#closers.at(-2);
    return follows.has(next) || (outer === undefined ? kind === 'end' : next === outer || next === ',');
  }

  /** Reads what stands before a closing bracket. */
  #inside<T>(closer: string, read: () => T): T {
    this.#closers.push(closer);
    const result = read();
    this.#closers.pop();
    return result;
  }

  /** Stands for what cannot be read. */
  #report(message: string, at: number): Expr {
    this.#faults.push({ message, at });
    return { kind: 'literal', value: null, at };
  }

  /** What is written out, or what is wrong with writing it out. */
  #expanded(expand: () => Expr): Expr {
    try {
      return expand();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return this.#report(error.message, error.faults[0]!.at);
    }
  }

  #conditional(): Expr {
    if (++this.#depth > depthMax) throw new ExpressionError(`expression recursion limit exceeded: ${depthMax}`, -1);
    const test = this.#binary(0);
    const mark = this.#accept('?');
    let expr = test;
    if (mark) {
      const then = this.#binary(0);
      this.#expect(':');
      expr = { kind: 'call', name: '_?_:_', target: undefined, args: [test, then, this.#conditional()], at: mark.at };
    }
    this.#depth--;
    return expr;
  }

  #binary(level: number): Expr {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { text, kind, at } = this.#next;
      if (kind === 'string' || !operators.includes(text)) return left;
      this.#place++;
      left = { kind: 'call', name: text === 'in' ? '@in' : `_${text}_`, target: undefined, args: [left, this.#binary(level + 1)], at };
    }
  }

  /** Signs before a number are part of it; two of one kind are none. */
  #unary(): Expr {
    const { at, text } = this.#next;
    const sign = text === '!' || text === '-' ? text : undefined;
    if (!sign || this.#next.kind === 'string') return this.#members(this.#primary());
    if (sign === '-' && isSignable(this.#tokens[this.#place + 1]!)) return this.#members(this.#primary());
    let count = 0;
    for (; this.#accept(sign); count++) if (sign === '-' && count > 0 && isSignable(this.#next)) break;
    const operand = this.#unary();
    return count % 2 === 0 ? operand : { kind: 'call', name: `${sign}_`, target: undefined, args: [operand], at };
  }

  #members(start: Expr): Expr {
    let of = start;
    for (;;) {
      const { at } = this.#next;
      if (this.#accept('.')) of = this.#member(of, at);
      else if (this.#accept('[')) {
        const name = this.#accept('?') ? '_[?_]' : '_[_]';
        const index = this.#inside(']', () => {
          const found = this.#conditional();
          this.#expect(']');
          return found;
        });
        of = { kind: 'call', name, target: undefined, args: [of, index], at };
      } else if (this.#next.text === '{' && this.#next.kind === 'operator' && qualifiedName(of) !== undefined) {
        this.#place++;
        of = { kind: 'struct', type: qualifiedName(of)!, fields: this.#fields(), at };
      } else return of;
    }
  }

  #member(of: Expr, at: number): Expr {
    const isOptional = this.#accept('?') !== undefined;
    const { kind, text, at: nameAt } = this.#next;
    if (kind === 'name' && ['true', 'false', 'null'].includes(text)) throw new ExpressionError(`Syntax error: mismatched input '${text}' expecting IDENTIFIER`, nameAt);
    if (text === 'in' && !isOptional) {
      this.#faults.push({ message: "Syntax error: no viable alternative at input '.in'", at: nameAt });
      return of;
    }
    if (kind !== 'name' && kind !== 'quoted') throw new ExpressionError(`Syntax error: no viable alternative at input '.${kind === 'end' ? '' : text}'`, nameAt);
    this.#place++;
    if (kind === 'quoted') return this.#report("unsupported syntax: '`'", nameAt);
    const field = { kind: 'literal', value: text, at: nameAt } as const;
    if (isOptional) return { kind: 'call', name: '_?._', target: undefined, args: [of, field], at };
    const bracket = this.#accept('(');
    if (!bracket) return { kind: 'select', operand: of, field: text, test: false, at };
    const args = this.#arguments();
    return this.#expanded(() => expandedMember(text, of, args, bracket.at, this.#hasBindings) ?? { kind: 'call', name: text, target: of, args, at: bracket.at });
  }

  #arguments(): Expr[] {
    return this.#inside(')', () => {
      const args: Expr[] = [];
      if (!isStart(this.#next) && this.#next.text !== ')') throw this.#unexpected(startTokens.replace("'(',", "'(', ')',"), (token) => isStart(token) || token.text === ')');
      if (this.#accept(')')) return args;
      do args.push(this.#conditional()); while (this.#accept(','));
      this.#expect(')');
      return args;
    });
  }

  /** What stands between brackets; a comma may end it. */
  #items<T>(end: string, read: (optional: boolean) => T): T[] {
    return this.#inside(end, () => {
      const items: T[] = [];
      const goesOn = (): boolean => isStart(this.#next) || this.#next.text === '?';
      if (goesOn()) do items.push(read(this.#accept('?') !== undefined)); while (this.#accept(',') && goesOn());
      const isLast = items.length === 0 ? this.#accept(',') : this.#tokens[this.#place - 1]!.text === ',';
      if (isLast) this.#expect(end);
      else if (!this.#accept(end)) throw this.#unexpected(`{'${end}', ','}`, ({ text }) => text === end || text === ',');
      return items;
    });
  }

  #entry(optional: boolean): Item & { readonly key: Expr } {
    const key = this.#conditional();
    this.#expect(':');
    return { key, value: this.#conditional(), optional };
  }

  /** `name: value` pairs of an object that is written out. */
  #fields(): StructExpr['fields'] {
    return this.#items('}', (optional) => {
      const { kind, text } = this.#next;
      if (kind !== 'name') throw this.#unexpected("{'}', ',', '?', IDENTIFIER}", (token) => token.kind === 'name');
      this.#place++;
      const { at } = this.#next;
      this.#expect(':');
      return { name: text, value: this.#conditional(), optional, at };
    });
  }

  #primary(): Expr {
    const token = this.#next;
    const { text, at } = token;
    this.#place++;
    switch (token.kind) {
      case 'number': return this.#literal(numberOf(text), at);
      case 'string': return this.#literal(unquoted(text), at);
      case 'name': return this.#named(token, '', at);
      default: return this.#bracketed(text, at);
    }
  }

  #bracketed(text: string, at: number): Expr {
    switch (text) {
      case '(': return this.#inside(')', () => {
        const inside = this.#conditional();
        this.#expect(')');
        return inside;
      });
      case '[': return { kind: 'list', items: this.#items(']', (optional) => ({ value: this.#conditional(), optional })), at };
      case '{': return { kind: 'map', entries: this.#items('}', (optional) => this.#entry(optional)), at };
      case '-': if (isSignable(this.#next)) return this.#literal(numberOf(`-${this.#tokens[this.#place++]!.text}`), at); break;
      case '.': {
        const name = this.#tokens[this.#place++]!;
        if (name.kind !== 'name') throw new ExpressionError(`Syntax error: no viable alternative at input '.${name.text}'`, name.at);
        return this.#named(name, '.', at);
      }
      default:
    }
    this.#place--;
    throw this.#unexpected(startTokens, isStart);
  }

  #literal(read: { readonly value: Value } | { readonly fault: string }, at: number): Expr {
    return 'fault' in read ? this.#report(read.fault, at) : { kind: 'literal', value: read.value, at };
  }

  #named({ text, at }: Token, dot: string, start: number): Expr {
    if (dot === '' && Object.hasOwn(constants, text)) return { kind: 'literal', value: constants[text]!, at };
    if (dot === '' && text === 'null') return { kind: 'literal', value: null, at };
    const bracket = this.#accept('(');
    const args = bracket ? this.#arguments() : [];
    if (reserved.has(text)) return this.#report(`reserved identifier: ${text}`, start);
    if (!bracket) return { kind: 'ident', name: dot + text, at };
    if (text === 'has' && dot === '' && args.length === 1) return this.#expanded(() => presenceTest(args[0]!, bracket.at));
    return { kind: 'call', name: dot + text, target: undefined, args, at: bracket.at };
  }
}

const constants: Readonly<Record<string, Value>> = { true: true, false: false };

/** Of numbers without a sign of their own. */
const isSignable = ({ kind, text }: Token): boolean => kind === 'number' && !/u$/i.test(text);
