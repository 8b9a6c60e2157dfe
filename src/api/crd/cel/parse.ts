/** From the text of a rule to an expression. What is CEL but not read here is refused by name. */
import { ExpressionError, type Expression } from './expression.ts';
import { functions } from './functions.ts';

interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'operator' | 'end';
  readonly text: string;
  readonly at: number;
}

const tokenPattern = new RegExp([
  /(?<space>\s+|\/\/[^\n]*)/, /(?<number>0x[0-9a-fA-F]+u?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?u?)/,
  /(?<string>r?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))/, /(?<name>[A-Za-z_]\w*)/,
  /(?<operator>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}])/,
].map(({ source }) => source).join('|'), 'y');

function tokens(text: string): Token[] {
  const result: Token[] = [];
  let at = 0;
  while (at < text.length) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (!match) throw new ExpressionError(`Syntax error: token recognition error at: '${text[at]!}'`, at);
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
  return new Parser(tokens(text)).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(read: readonly Token[]) {
    this.#tokens = read;
  }

  whole(): Expression {
    const expression = this.#conditional();
    if (this.#next.kind !== 'end') throw this.#unexpected();
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #unexpected(): ExpressionError {
    return new ExpressionError(`Syntax error: extraneous input '${this.#next.text}'`, this.#next.at);
  }

  #accept(text: string): Token | undefined {
    const token = this.#next;
    if (token.kind === 'string' || token.text !== text) return undefined;
    this.#at++;
    return token;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#unexpected();
  }

  #conditional(): Expression {
    const test = this.#binary(0);
    if (!this.#accept('?')) return test;
    const then = this.#binary(0);
    this.#expect(':');
    return { op: 'conditional', test, then, otherwise: this.#conditional() };
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { text, kind } = this.#next;
      if (kind === 'string' || !operators.includes(text)) return left;
      this.#at++;
      left = { op: 'binary', operator: text, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Expression {
    if (this.#accept('!')) return { op: 'not', of: this.#unary() };
    if (this.#accept('-')) return { op: 'negate', of: this.#unary() };
    return this.#members(this.#primary());
  }

  #members(start: Expression): Expression {
    let of = start;
    for (;;) {
      const dot = this.#accept('.');
      if (dot) of = this.#member(of, dot.at);
      else if (this.#accept('[')) {
        const optional = this.#isMaybe();
        of = { op: 'index', of, index: this.#conditional(), ...optional };
        this.#expect(']');
      } else return of;
    }
  }

  #member(of: Expression, at: number): Expression {
    const optional = this.#isMaybe();
    const { kind, text } = this.#next;
    if (kind !== 'name') throw this.#unexpected();
    this.#at++;
    if (optional || !this.#accept('(')) return { op: 'select', of, field: text, at, ...optional };
    const args = this.#list(')');
    const qualified = of.op === 'name' ? `${of.name}.${text}` : '';
    if (Object.hasOwn(functions, qualified)) return { op: 'call', name: qualified, target: undefined, args };
    const [alternative, ...more] = args;
    if ((text === 'or' || text === 'orValue') && alternative && more.length === 0) return { op: 'otherwise', of, alternative, unwraps: text === 'orValue' };
    const shape = Object.hasOwn(macros, text) && macros[text]!.find(([variables, bodies]) => variables + bodies === args.length);
    if (!shape) return { op: 'call', name: text, target: of, args };
    return { op: 'macro', name: text, of, variables: variablesOf(text, args.slice(0, shape[0]), at), body: args.slice(shape[0]) };
  }

  /** A question mark before what may not be there. */
  #isMaybe(): { readonly optional: true } | undefined {
    return this.#accept('?') && { optional: true };
  }

  #list(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#accept(end)) {
      if (items.length > 0) this.#expect(',');
      items.push(this.#maybe(end === ']'));
    }
    return items;
  }

  /** An item of a list or a key of a map. */
  #maybe(isAllowed: boolean): Expression {
    return isAllowed && this.#accept('?') ? { op: 'maybe', of: this.#conditional() } : this.#conditional();
  }

  #entries(): [key: Expression, value: Expression][] {
    const entries: [key: Expression, value: Expression][] = [];
    while (!this.#accept('}')) {
      if (entries.length > 0) this.#expect(',');
      const key = this.#maybe(true);
      this.#expect(':');
      entries.push([key, this.#conditional()]);
    }
    return entries;
  }

  #primary(): Expression {
    const token = this.#next;
    this.#at++;
    switch (token.kind) {
      case 'number': return { op: 'literal', value: Number(token.text.replace(/u$/, '')) };
      case 'string': return { op: 'literal', value: unquote(token.text) };
      case 'name': return this.#named(token);
      default:
        if (token.text === '(') {
          const inside = this.#conditional();
          this.#expect(')');
          return inside;
        }
        if (token.text === '[') return { op: 'list', items: this.#list(']') };
        if (token.text === '{') return { op: 'map', entries: this.#entries() };
        this.#at--;
        throw this.#unexpected();
    }
  }

  #named({ text, at }: Token): Expression {
    if (text === 'true' || text === 'false') return { op: 'literal', value: text === 'true' };
    if (text === 'null') return { op: 'literal', value: null };
    if (!this.#accept('(')) return { op: 'name', name: text, at };
    const args = this.#list(')');
    if (text !== 'has') return { op: 'call', name: text, target: undefined, args };
    const [of] = args;
    if (of?.op !== 'select' || of.optional) throw new ExpressionError('invalid argument to has() macro', at);
    return { ...of, op: 'has' };
  }
}

function variablesOf(macro: string, args: readonly Expression[], at: number): string[] {
  const names = args.map((arg) => {
    if (arg.op === 'name') return arg.name;
    throw new ExpressionError(macro.startsWith('opt') ? `${macro}() variable name must be a simple identifier` : 'argument must be a simple name', at);
  });
  if (names.length === 2 && names[0] === names[1]) throw new ExpressionError(`duplicate variable name: ${names[0]!}`, at);
  return names;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unquote(text: string): string {
  if (text.startsWith('r')) return text.slice(2, -1);
  return text.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
    (code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : escapes[code] ?? code));
}
