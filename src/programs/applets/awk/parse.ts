/** The parser of awk. */
import { AwkFault, type AwkFunction, type Expr, type Program, type Rule, type Statement } from './ast.ts';
import { ExpressionParser } from './expression-parser.ts';
import { tokenize } from './lexer.ts';

/** Reads a program. Throws AwkFault. */
export function parseAwk(source: string): Program {
  return new AwkParser(tokenize(source)).program();
}

class AwkParser extends ExpressionParser {
  #loops = 0;

  program(): Program {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (this.skip(); !this.is('end'); this.skip()) {
      if (this.isText('function') || this.isText('func')) functions.set(...this.#function());
      else rules.push(this.#rule());
    }
    return { rules, functions };
  }

  #function(): [string, AwkFunction] {
    this.at++;
    const name = this.tokens[this.at++]!.text;
    this.expect('(');
    const parameters: string[] = [];
    while (!this.accept(')')) {
      if (parameters.length > 0) this.expect(',');
      this.newlines();
      if (!this.is('name')) throw this.fault();
      parameters.push(this.tokens[this.at++]!.text);
    }
    this.newlines();
    return [name, { parameters, body: this.#block() }];
  }

  #rule(): Rule {
    if (this.isText('BEGIN') || this.isText('END')) {
      const pattern = this.token.text as 'BEGIN' | 'END';
      this.at++;
      this.newlines();
      return { pattern, until: undefined, body: this.#block() };
    }
    const pattern = this.isText('{') ? undefined : this.expression();
    let until: Expr | undefined;
    if (pattern && this.accept(',')) {
      this.newlines();
      until = this.expression();
    }
    return { pattern, until, body: this.isText('{') ? this.#block() : undefined };
  }

  #block(): Statement {
    this.expect('{');
    const body: Statement[] = [];
    for (this.skip(); !this.accept('}'); this.skip()) {
      // A program that ends inside of a block is one token short.
      if (this.is('end')) throw new AwkFault('Unexpected token');
      body.push(this.#statement());
    }
    return { type: 'block', body };
  }

  #statement(): Statement {
    if (this.isText('{')) return this.#block();
    const { text, type } = this.token;
    if (type === 'keyword') {
      switch (text) {
        case 'if': return this.#if();
        case 'while': {
          this.at++;
          const test = this.#parenthesized();
          return { type: 'while', test, body: this.#loopBody(), atLeastOnce: false };
        }
        case 'do': return this.#do();
        case 'for': return this.#for();
        default:
      }
    }
    const statement = this.#simple();
    if (!this.accept(';') && !this.is('newline') && !this.isText('}') && !this.is('end')) throw this.fault();
    return statement;
  }

  #loopBody(): Statement {
    this.#loops++;
    const body = this.#body();
    this.#loops--;
    return body;
  }

  #body(): Statement {
    this.newlines();
    if (this.accept(';')) return { type: 'block', body: [] };
    return this.#statement();
  }

  #parenthesized(): Expr {
    this.expect('(');
    const value = this.expression();
    this.expect(')');
    return value;
  }

  #if(): Statement {
    this.at++;
    const test = this.#parenthesized();
    const then = this.#body();
    const back = this.at;
    this.skip();
    if (this.accept('else')) return { type: 'if', test, then, otherwise: this.#body() };
    this.at = back;
    return { type: 'if', test, then, otherwise: undefined };
  }

  #do(): Statement {
    this.at++;
    const body = this.#loopBody();
    this.skip();
    this.expect('while');
    return { type: 'while', test: this.#parenthesized(), body, atLeastOnce: true };
  }

  #for(): Statement {
    this.at++;
    this.expect('(');
    const [name, keyword, array, close] = this.tokens.slice(this.at, this.at + 4);
    if (name?.type === 'name' && keyword?.text === 'in' && array?.type === 'name' && close?.text === ')') {
      this.at += 4;
      return { type: 'forIn', name: name.text, array: array.text, body: this.#loopBody() };
    }
    const before = this.isText(';') ? undefined : this.#simple();
    this.expect(';');
    this.newlines();
    const test = this.isText(';') ? undefined : this.expression();
    this.expect(';');
    this.newlines();
    const step = this.isText(')') ? undefined : this.#simple();
    this.expect(')');
    return { type: 'for', before, test, step, body: this.#loopBody() };
  }

  #simple(): Statement {
    const { text, type } = this.token;
    if (type !== 'keyword') return { type: 'expression', value: this.expression() };
    switch (text) {
      case 'print':
      case 'printf': return this.#print();
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw new AwkFault(`'${text}' not in a loop`);
        this.at++;
        return { type: text };
      case 'next':
      case 'nextfile':
        this.at++;
        return { type: text };
      case 'exit':
      case 'return':
        this.at++;
        return { type: text, value: this.#ends() ? undefined : this.expression() };
      case 'delete': {
        this.at++;
        if (!this.is('name')) throw new AwkFault('Too few arguments');
        const name = this.tokens[this.at++]!.text;
        return { type: 'delete', name, keys: this.accept('[') ? this.list(']') : undefined };
      }
      default: return { type: 'expression', value: this.expression() };
    }
  }

  #ends(): boolean {
    return this.is('newline') || this.is('end') || this.isText(';') || this.isText('}');
  }

  #print(): Statement {
    const formatted = this.tokens[this.at++]!.text === 'printf';
    let args: Expr[] = [];
    this.noGreater++;
    if (!this.#ends() && !this.isText('>') && !this.isText('>>') && !this.isText('|')) {
      args = [this.expression()];
      while (this.accept(',')) {
        this.newlines();
        args.push(this.expression());
      }
    }
    this.noGreater--;
    const [only] = args;
    if (args.length === 1 && only?.type === 'call' && only.name === '(') args = [...only.args];
    const operator = this.token.text;
    if (operator !== '>' && operator !== '>>' && operator !== '|') return { type: 'print', formatted, args, to: undefined };
    this.at++;
    return { type: 'print', formatted, args, to: { operator, target: this.expression() } };
  }
}
