/** From the text of a rule to an expression. What is CEL but not read here is refused by name. */
import { ExpressionError, throwFaults, type Expression, type Fault, type LiteralType, type ObjectField } from './expression.ts';
import { functions } from './functions.ts';

interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'operator' | 'end';
  readonly text: string;
  readonly at: number;
}

const tokenPattern = new RegExp([
  /(?<space>\s+|\/\/[^\n]*)/, /(?<number>0x[0-9a-fA-F]+[uU]?|\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?[uU]?)/,
  /(?<string>(?:r|b|R|B|rb|br)?(?:"""(?:[^\\]|\\.)*?"""|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))/, /(?<name>[A-Za-z_]\w*)/,
  /(?<operator>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}])/,
].map(({ source }) => source).join('|'), 'y');

/** Names that CEL keeps for itself. */
const reserved = new Set(['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace',
  'return', 'var', 'void', 'while']);
const isStart = ({ kind, text }: Token): boolean => kind !== 'end' && (kind !== 'operator' || '[{(-!'.includes(text));

/** What an expression may start with, as the grammar of cel-go prints it. */
const startTokens = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** Passes over what is no token, with a fault for each. */
function tokens(text: string, faults: Fault[]): Token[] {
  const result: Token[] = [];
  let at = 0;
  while (at < text.length) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (!match) {
      const [odd] = /^(?:["'][^\n]*|.)/su.exec(text.slice(at))!;
      faults.push({ message: `Syntax error: token recognition error at: '${odd}'`, at });
      at += odd.length;
      continue;
    }
    const kind = Object.entries(match.groups!).find(([, value]) => value !== undefined)![0];
    if (kind !== 'space') result.push({ kind: kind as Token['kind'], text: match[0], at });
    at += match[0].length;
  }
  return [...result, { kind: 'end', text: '<EOF>', at }];
}

const levels = [['||'], ['&&'], ['<', '<=', '>', '>=', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];

/** Macros by name: how many variables they declare, and over how many expressions. */
const macros: Readonly<Record<string, readonly (readonly [variables: number, bodies: number])[]>> = {
  all: [[1, 1], [2, 1]], exists: [[1, 1], [2, 1]], exists_one: [[1, 1], [2, 1]], existsOne: [[2, 1]], filter: [[1, 1]], map: [[1, 1], [1, 2]],
  transformList: [[2, 1], [2, 2]], transformMap: [[2, 1], [2, 2]], transformMapEntry: [[2, 1], [2, 2]],
  sortBy: [[1, 1]], optMap: [[1, 1]], optFlatMap: [[1, 1]],
};

/** Throws ExpressionError. */
export function parseExpression(text: string): Expression {
  const faults: Fault[] = [];
  const parser = new Parser(tokens(text, faults));
  let expression: Expression | undefined;
  try {
    expression = parser.whole();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    faults.push(...error.faults);
  }
  throwFaults(faults);
  return expression!;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(read: readonly Token[]) {
    this.#tokens = read;
  }

  whole(): Expression {
    const expression = this.#conditional();
    if (this.#next.kind !== 'end') throw this.#unexpected('<EOF>', (token) => token.kind === 'end');
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  /** A token too many is one after which there is what was expected. */
  #unexpected(expected: string, isExpected: (token: Token) => boolean): ExpressionError {
    const { text, at, kind } = this.#next;
    const following = this.#tokens[this.#at + 1];
    const what = kind !== 'end' && following && isExpected(following) ? 'extraneous' : 'mismatched';
    return new ExpressionError(`Syntax error: ${what} input '${text}' expecting ${expected}`, at);
  }

  #accept(text: string): Token | undefined {
    const token = this.#next;
    if (token.kind === 'string' || token.text !== text) return undefined;
    this.#at++;
    return token;
  }

  #expect(text: string): void {
    if (this.#accept(text)) return;
    const error = this.#unexpected(`'${text}'`, (token) => token.text === text);
    // What could have come after it tells that it alone is missing.
    const isMissing = isStart(this.#next) === (text === ':') && !error.message.includes('extraneous');
    throw isMissing ? new ExpressionError(`Syntax error: missing '${text}' at '${this.#next.text}'`, this.#next.at) : error;
  }

  /** Between two items; the end of them was not there. */
  #comma(end: string): void {
    if (this.#accept(',')) return;
    throw this.#unexpected(end === ')' ? "')'" : `{'${end}', ','}`, ({ text }) => text === ',' || text === end);
  }

  #conditional(): Expression {
    const test = this.#binary(0);
    const mark = this.#accept('?');
    if (!mark) return test;
    const then = this.#binary(0);
    this.#expect(':');
    return { op: 'conditional', test, then, otherwise: this.#conditional(), at: mark.at };
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { text, kind, at } = this.#next;
      if (kind === 'string' || !operators.includes(text)) return left;
      this.#at++;
      left = { op: 'binary', operator: text, left, right: this.#binary(level + 1), at };
    }
  }

  #unary(): Expression {
    const { at } = this.#next;
    if (this.#accept('!')) return { op: 'not', of: this.#unary(), at };
    if (this.#accept('-')) return { op: 'negate', of: this.#unary(), at };
    return this.#members(this.#primary());
  }

  #members(start: Expression): Expression {
    let of = start;
    for (;;) {
      const { at } = this.#next;
      if (this.#accept('.')) of = this.#member(of, at);
      else if (this.#accept('[')) {
        const optional = this.#isMaybe();
        of = { op: 'index', of, index: this.#conditional(), at, ...optional };
        this.#expect(']');
      } else if (this.#next.text === '{' && isTypeName(of)) {
        this.#at++;
        of = { op: 'object', type: of, fields: this.#fields(), at };
      } else return of;
    }
  }

  #member(of: Expression, at: number): Expression {
    const optional = this.#isMaybe();
    const { kind, text } = this.#next;
    if (kind !== 'name') throw new ExpressionError(`Syntax error: no viable alternative at input '.${kind === 'end' ? '' : text}'`, this.#next.at);
    this.#at++;
    const bracket = optional ? undefined : this.#accept('(');
    if (!bracket) return { op: 'select', of, field: text, at, ...optional };
    const args = this.#list(')');
    const called = { at: bracket.at };
    const qualified = of.op === 'name' ? `${of.name}.${text}` : '';
    if (Object.hasOwn(functions, qualified)) return { op: 'call', name: qualified, target: undefined, args, ...called };
    const [alternative, ...more] = args;
    if ((text === 'or' || text === 'orValue') && alternative && more.length === 0) {
      return { op: 'otherwise', of, alternative, unwraps: text === 'orValue', ...called };
    }
    const shape = Object.hasOwn(macros, text) && macros[text]!.find(([variables, bodies]) => variables + bodies === args.length);
    if (!shape) return { op: 'call', name: text, target: of, args, ...called };
    return { op: 'macro', name: text, of, variables: variablesOf(text, args.slice(0, shape[0])), body: args.slice(shape[0]), ...called };
  }

  /** A question mark before what may not be there. */
  #isMaybe(): { readonly optional: true } | undefined {
    return this.#accept('?') && { optional: true };
  }

  #list(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#accept(end)) {
      if (items.length > 0) this.#comma(end);
      // A list may end in a comma.
      if (end === ']' && items.length > 0 && this.#accept(end)) break;
      items.push(this.#maybe(end === ']'));
    }
    return items;
  }

  /** An item of a list or a key of a map. */
  #maybe(isAllowed: boolean): Expression {
    const { at } = this.#next;
    return isAllowed && this.#accept('?') ? { op: 'maybe', of: this.#conditional(), at } : this.#conditional();
  }

  #entries(): [key: Expression, value: Expression][] {
    const entries: [key: Expression, value: Expression][] = [];
    while (!this.#accept('}')) {
      if (entries.length > 0) this.#comma('}');
      if (entries.length > 0 && this.#accept('}')) break;
      const key = this.#maybe(true);
      this.#expect(':');
      entries.push([key, this.#conditional()]);
    }
    return entries;
  }

  /** `name: value` pairs of an object that is written out. */
  #fields(): ObjectField[] {
    const fields: ObjectField[] = [];
    while (!this.#accept('}')) {
      if (fields.length > 0) this.#comma('}');
      this.#accept('?');
      const { kind, text } = this.#next;
      if (kind !== 'name') throw this.#unexpected("{'}', ',', '?', IDENTIFIER}", (token) => token.kind === 'name');
      this.#at++;
      const { at } = this.#next;
      this.#expect(':');
      fields.push({ name: text, value: this.#conditional(), at });
    }
    return fields;
  }

  #primary(): Expression {
    const token = this.#next;
    const { text, at } = token;
    this.#at++;
    switch (token.kind) {
      case 'number': return { op: 'literal', value: Number(text.replace(/u$/i, '')), type: numberType(text), at };
      case 'string': return { op: 'literal', value: unquote(text), type: /^r?b/i.test(text) ? 'bytes' : 'string', at };
      case 'name': return this.#named(token);
      default:
        if (text === '(') {
          const inside = this.#conditional();
          this.#expect(')');
          return inside;
        }
        if (text === '[') return { op: 'list', items: this.#list(']'), at };
        if (text === '{') return { op: 'map', entries: this.#entries(), at };
        this.#at--;
        if (text === '.') throw new ExpressionError(`Syntax error: no viable alternative at input '.${this.#tokens[this.#at + 1]!.text}'`, at + 1);
        throw this.#unexpected(startTokens, isStart);
    }
  }

  #named({ text, at }: Token): Expression {
    if (text === 'true' || text === 'false') return { op: 'literal', value: text === 'true', type: 'bool', at };
    if (text === 'null') return { op: 'literal', value: null, type: 'null_type', at };
    if (reserved.has(text)) throw new ExpressionError(`reserved identifier: ${text}`, at);
    const bracket = this.#accept('(');
    if (!bracket) return { op: 'name', name: text, at };
    const args = this.#list(')');
    if (text !== 'has') return { op: 'call', name: text, target: undefined, args, at: bracket.at };
    const [of] = args;
    if (of?.op !== 'select' || of.optional) throw new ExpressionError('invalid argument to has() macro', of?.at ?? bracket.at);
    return { ...of, op: 'has', at: bracket.at };
  }
}

const isTypeName = (of: Expression): boolean => of.op === 'name' || (of.op === 'select' && !of.optional && isTypeName(of.of));
const numberType = (text: string): LiteralType => (/u$/i.test(text) ? 'uint' : !/^0x/i.test(text) && /[.e]/i.test(text) ? 'double' : 'int');

function variablesOf(macro: string, args: readonly Expression[]): string[] {
  const names = args.map((arg) => {
    if (arg.op === 'name') return arg.name;
    throw new ExpressionError(macro.startsWith('opt') ? `${macro}() variable name must be a simple identifier` : 'argument must be a simple name', arg.at);
  });
  if (names.length === 2 && names[0] === names[1]) throw new ExpressionError(`duplicate variable name: ${names[0]!}`, args[1]!.at);
  return names;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unquote(text: string): string {
  const start = text.search(/["']/);
  const ends = /^["']{3}/.test(text.slice(start)) ? 3 : 1;
  const inside = text.slice(start + ends, -ends);
  if (/r/i.test(text.slice(0, start))) return inside;
  return inside.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
    (code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : escapes[code] ?? code));
}
