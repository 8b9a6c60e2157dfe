/** The expressions of awk, by precedence. */
import { compileRegex } from '../../regex.ts';
import { AwkFault, type Expr } from './ast.ts';
import type { Token } from './lexer.ts';

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '==', '!=', '>', '>=']);
const assignments = /^(?:[-+*/%^]|\*\*)?=$/;

/** How many arguments functions need that need any. */
const leastArguments: Readonly<Record<string, number>> = {
  and: 2, atan2: 2, close: 1, compl: 1, cos: 1, exp: 1, gensub: 3, gsub: 2, index: 2, int: 1, log: 1, lshift: 2, match: 2, mktime: 1, or: 2, rshift: 2,
  sin: 1, split: 2, sprintf: 1, sqrt: 1, sub: 2, substr: 2, system: 1, tolower: 1, toupper: 1, xor: 2,
};

export class ExpressionParser {
  protected readonly tokens: readonly Token[];
  protected at = 0;
  /** Above 0 where `>` redirects (the arguments of print) or where `in` belongs to `for`. */
  protected noGreater = 0;
  protected noIn = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  protected get token(): Token {
    return this.tokens[this.at]!;
  }

  protected is(type: Token['type']): boolean {
    return this.token.type === type;
  }

  protected isText(text: string): boolean {
    return this.token.text === text && (this.token.type === 'operator' || this.token.type === 'keyword');
  }

  protected accept(text: string): boolean {
    if (!this.isText(text)) return false;
    this.at++;
    return true;
  }

  protected expect(text: string): void {
    if (!this.accept(text)) throw this.fault();
  }

  protected fault(): AwkFault {
    return new AwkFault(this.is('end') ? 'Unexpected end of string' : 'Unexpected token');
  }

  /** Skips newlines and semicolons. */
  protected skip(): void {
    while (this.is('newline') || this.isText(';')) this.at++;
  }

  protected newlines(): void {
    while (this.is('newline')) this.at++;
  }

  protected list(close: string): Expr[] {
    const items: Expr[] = [];
    const { noGreater, noIn } = { noGreater: this.noGreater, noIn: this.noIn };
    this.noGreater = 0;
    this.noIn = 0;
    this.newlines();
    while (!this.accept(close)) {
      items.push(this.expression());
      this.newlines();
      if (!this.isText(close)) this.expect(',');
      this.newlines();
    }
    this.noGreater = noGreater;
    this.noIn = noIn;
    return items;
  }

  protected expression(): Expr {
    const test = this.#or();
    if (!this.accept('?')) return test;
    this.newlines();
    const then = this.expression();
    this.newlines();
    this.expect(':');
    this.newlines();
    return { type: 'conditional', test, then, otherwise: this.expression() };
  }

  #or(): Expr {
    let left = this.#and();
    while (this.accept('||')) {
      this.newlines();
      left = { type: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): Expr {
    let left = this.#membership();
    while (this.accept('&&')) {
      this.newlines();
      left = { type: 'and', left, right: this.#membership() };
    }
    return left;
  }

  #membership(): Expr {
    let left = this.#match();
    while (this.noIn === 0 && this.accept('in')) {
      const keys = left.type === 'call' && left.name === '(' ? left.args : [left];
      left = { type: 'in', keys, name: this.tokens[this.at++]!.text };
    }
    return left;
  }

  #match(): Expr {
    let left = this.#comparison();
    while (this.isText('~') || this.is('operator') && this.token.text === '!' && this.tokens[this.at + 1]?.text === '~') {
      const negated = this.token.text === '!';
      this.at += negated ? 2 : 1;
      const found: Expr = { type: 'binary', operator: '~', left, right: this.#comparison() };
      left = negated ? { type: 'unary', operator: '!', operand: found } : found;
    }
    return left;
  }

  #comparison(): Expr {
    const left = this.concatenation();
    const operator = this.token.text;
    if (this.token.type === 'operator' && comparisons.has(operator) && !(operator === '>' && this.noGreater > 0)) {
      this.at++;
      return { type: 'binary', operator, left, right: this.concatenation() };
    }
    if (operator !== '|' || this.tokens[this.at + 1]?.text !== 'getline') return left;
    let source: Expr = left;
    while (this.isText('|') && this.tokens[this.at + 1]?.text === 'getline') {
      this.at += 2;
      source = { type: 'getline', from: 'command', source, target: this.#optionalTarget() };
    }
    return source;
  }

  protected concatenation(): Expr {
    let left = this.#sum();
    while (this.#beginsOperand()) left = { type: 'binary', operator: ' ', left, right: this.#sum() };
    return left;
  }

  #beginsOperand(): boolean {
    const { type, text } = this.token;
    if (type === 'operator') return text === '(' || text === '$' || text === '!' && this.tokens[this.at + 1]?.text !== '~' || text === '-' || text === '+' || text === '++' || text === '--';
    return type === 'number' || type === 'string' || type === 'regex' || type === 'name' || type === 'call';
  }

  #sum(): Expr {
    let left = this.#product();
    while (this.isText('+') || this.isText('-')) {
      const operator = this.tokens[this.at++]!.text;
      left = { type: 'binary', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): Expr {
    let left = this.#unary();
    while (this.isText('*') || this.isText('/') || this.isText('%')) {
      const operator = this.tokens[this.at++]!.text;
      left = { type: 'binary', operator, left, right: this.#unary() };
    }
    return left;
  }

  #unary(): Expr {
    for (const operator of ['!', '-', '+']) if (this.accept(operator)) return { type: 'unary', operator, operand: this.#unary() };
    return this.#power();
  }

  #power(): Expr {
    const base = this.#postfix();
    if (!this.accept('^') && !this.accept('**')) return base;
    return { type: 'binary', operator: '^', left: base, right: this.#unary() };
  }

  #postfix(): Expr {
    if (this.isText('++') || this.isText('--')) {
      const by = this.tokens[this.at++]!.text === '++' ? 1 : -1;
      return { type: 'step', target: this.#primary(), by, after: false };
    }
    const value = this.#primary();
    if (!isTarget(value)) return value;
    const operator = this.token.text;
    // Wherever it stands: `a == b = 3` and `a b = 3` assign as well.
    if (this.is('operator') && assignments.test(operator)) {
      this.at++;
      this.newlines();
      return { type: 'assign', operator: operator.slice(0, -1), target: value, value: this.expression() };
    }
    if (!this.isText('++') && !this.isText('--')) return value;
    return { type: 'step', target: value, by: this.tokens[this.at++]!.text === '++' ? 1 : -1, after: true };
  }

  #optionalTarget(): Expr | undefined {
    return this.is('name') || this.isText('$') ? this.#primary() : undefined;
  }

  #primary(): Expr {
    const token = this.tokens[this.at++]!;
    switch (token.type) {
      case 'number': return { type: 'number', value: Number(token.text.replace(/^0(?=[0-7]+$)/, '0o')) };
      case 'string': return { type: 'string', value: token.text };
      case 'regex': return { type: 'regex', regex: compileRegex(token.text, { extended: true }) };
      case 'name': return this.accept('[') ? { type: 'element', name: token.text, keys: this.list(']') } : { type: 'name', name: token.text };
      case 'call': {
        this.expect('(');
        const args = this.list(')');
        if (args.length < (leastArguments[token.text] ?? 0)) throw new AwkFault('Too few arguments');
        return { type: 'call', name: token.text, args };
      }
      case 'keyword': if (token.text === 'getline') return this.#getline();
        break;
      case 'operator': {
        if (token.text === '$') return { type: 'field', index: this.isText('++') || this.isText('--') ? this.#postfix() : this.#primary() };
        if (token.text === '-' || token.text === '!') return { type: 'unary', operator: token.text, operand: this.#primary() };
        if (token.text !== '(') break;
        const items = this.list(')');
        if (items.length === 0) throw new AwkFault('Empty sequence');
        return items.length === 1 ? items[0]! : { type: 'call', name: '(', args: items };
      }
      default:
    }
    this.at--;
    throw this.fault();
  }

  #getline(): Expr {
    const target = this.#optionalTarget();
    if (!this.accept('<')) return { type: 'getline', from: 'input', source: undefined, target };
    return { type: 'getline', from: 'file', source: this.#primary(), target };
  }
}

function isTarget(value: Expr): boolean {
  return value.type === 'name' || value.type === 'field' || value.type === 'element';
}
