/**
 * The parser of the shell: POSIX sh as busybox ash reads it, with ash's error messages. A program is parsed line by line,
 * because ash runs what stands before a syntax error. Written for ash and not taken from a bash parser: what bash knows
 * more (arrays, `[[`, `<<<`, `for ((`) has to fail here with ash's words.
 */
import { literal, SyntaxFault, unquoted, type CaseItem, type Node, type Word } from './ast.ts';
import { Lexer } from './lexer.ts';
import { SimpleParser } from './simple-parser.ts';
import { closers, keyword, validName, type Token } from './token.ts';

/** Parses a program bit by bit. */
export class Parser extends SimpleParser {
  #fault: SyntaxFault | undefined;

  constructor(source: string, aliases: ReadonlyMap<string, string> = new Map(), line = 1) {
    super(new Lexer(source, () => this.#substitution()), aliases);
    this.lexer.line = line;
  }

  /** The text of a here-document ended without its delimiter. */
  get hereDocOpen(): boolean {
    return this.lexer.hereDocOpen;
  }

  /** True when nothing follows. What follows and makes no sense is the business of `next`. */
  atEnd(): boolean {
    try {
      while (this.lexer.peek().type === 'newline') this.lexer.next();
      return this.lexer.peek().type === 'end';
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      this.#fault = error;
      return false;
    }
  }

  /** The next complete line of commands; undefined at the end. Throws SyntaxFault. */
  next(): Node | undefined {
    if (this.#fault) throw this.#fault;
    if (this.atEnd()) return undefined;
    const items: Node[] = [];
    for (;;) {
      items.push(this.#andOr());
      const token = this.lexer.peek();
      if (token.type === 'newline' || token.type === 'end') break;
      if (!this.#separator(items)) throw this.unexpected(token);
      const after = this.lexer.peek();
      if (after.type === 'newline' || after.type === 'end') break;
    }
    if (this.lexer.peek().type === 'newline') this.lexer.next();
    return items.length === 1 ? items[0] : { type: 'list', items };
  }

  /** Takes `;` or `&`; the latter sends the last item to the background. */
  #separator(items: Node[]): boolean {
    if (this.lexer.accept(';')) return true;
    if (!this.lexer.accept('&')) return false;
    items.push({ type: 'background', body: items.pop()! });
    return true;
  }

  /** Commands up to something that ends a block. At least one must come. */
  #block(): Node {
    const items: Node[] = [];
    for (;;) {
      this.skipNewlines();
      this.expandAlias();
      // At the end of the text the closing keyword is what is missed, even when the block is empty.
      const token = this.lexer.peek();
      if (token.type === 'end' || (items.length > 0 && this.#endsBlock(token))) break;
      items.push(this.#andOr());
      if (!this.#separator(items) && this.lexer.peek().type !== 'newline') break;
    }
    return items.length === 1 ? items[0]! : { type: 'list', items };
  }

  #endsBlock(token: Token): boolean {
    if (token.type === 'operator') return token.text === ')' || token.text === ';;';
    return closers.has(keyword(token) ?? '');
  }

  /** The body of `$( … )`, up to and with the parenthesis. */
  #substitution(): Node | undefined {
    this.skipNewlines();
    const body = this.isOperator(')') ? undefined : this.#block();
    this.expectOperator(')');
    return body;
  }

  #andOr(): Node {
    let left = this.#pipeline();
    for (;;) {
      const type = this.lexer.accept('&&') ? 'and' : this.lexer.accept('||') ? 'or' : undefined;
      if (!type) return left;
      this.skipNewlines();
      left = { type, left, right: this.#pipeline() };
    }
  }

  #pipeline(): Node {
    let negated = false;
    while (keyword(this.lexer.peek()) === '!') {
      this.lexer.next();
      negated = !negated;
    }
    const commands = [this.command()];
    while (this.lexer.accept('|')) {
      this.skipNewlines();
      commands.push(this.command());
    }
    const body: Node = commands.length === 1 ? commands[0]! : { type: 'pipeline', commands };
    return negated ? { type: 'not', body } : body;
  }

  protected override command(): Node {
    this.expandAlias();
    const token = this.lexer.peek();
    if (token.type === 'redirect') return this.simple();
    if (token.type === 'operator' && token.text === '(') {
      this.lexer.next();
      const body = this.#block();
      this.expectOperator(')');
      return { type: 'subshell', body, redirects: this.redirects() };
    }
    if (token.type !== 'word') throw this.unexpected(token);
    const compound = this.#compound(keyword(token));
    if (!compound) return this.simple();
    const redirects = this.redirects();
    return redirects.length > 0 ? { type: 'redirected', body: compound, redirects } : compound;
  }

  #compound(name: string | undefined): Node | undefined {
    if (name === undefined) return undefined;
    const start = this.lexer.peek();
    if (name === '!' || name === 'in' || closers.has(name)) throw this.unexpected(start);
    this.lexer.next();
    switch (name) {
      case '{': {
        const body = this.#block();
        this.expect('}');
        return body;
      }
      case 'if': return this.#if();
      case 'while':
      case 'until': {
        const test = this.#block();
        return { type: 'while', until: name === 'until', test, body: this.#doBlock() };
      }
      case 'for': return this.#for();
      case 'case': return this.#case();
      default: return this.#functionKeyword();
    }
  }

  #if(): Node {
    const test = this.#block();
    this.expect('then');
    const then = this.#block();
    const next = keyword(this.lexer.peek());
    if (next === 'elif') {
      this.lexer.next();
      return { type: 'if', test, then, otherwise: this.#if() };
    }
    let otherwise: Node | undefined;
    if (next === 'else') {
      this.lexer.next();
      otherwise = this.#block();
    }
    this.expect('fi');
    return { type: 'if', test, then, otherwise };
  }

  #doBlock(): Node {
    this.skipNewlines();
    this.expect('do');
    const body = this.#block();
    this.expect('done');
    return body;
  }

  #for(): Node {
    const token = this.lexer.peek();
    const name = token.type === 'word' ? unquoted(token.word) : undefined;
    if (name === undefined || !validName.test(name)) throw this.lexer.fault('bad for loop variable');
    this.lexer.next();
    this.skipNewlines();
    let words: Word[] | undefined;
    if (keyword(this.lexer.peek()) === 'in') {
      this.lexer.next();
      words = [];
      for (let next = this.lexer.peek(); next.type === 'word'; next = this.lexer.peek()) {
        words.push(next.word);
        this.lexer.next();
      }
      const end = this.lexer.peek();
      if (!this.lexer.accept(';') && end.type !== 'newline') throw this.unexpected(end);
    } else this.lexer.accept(';');
    return { type: 'for', name, words, body: this.#doBlock() };
  }

  #case(): Node {
    const token = this.lexer.next();
    if (token.type !== 'word') throw this.unexpected(token, 'word');
    this.skipNewlines();
    this.expect('in');
    const items: CaseItem[] = [];
    for (;;) {
      this.skipNewlines();
      if (keyword(this.lexer.peek()) === 'esac') break;
      items.push(this.#caseItem());
      this.skipNewlines();
      if (!this.lexer.accept(';;') && keyword(this.lexer.peek()) !== 'esac') throw this.unexpected(this.lexer.peek(), '";;"');
    }
    this.lexer.next();
    return { type: 'case', word: token.word, items };
  }

  #caseItem(): CaseItem {
    this.lexer.accept('(');
    const patterns: Word[] = [];
    do {
      const token = this.lexer.next();
      if (token.type !== 'word') throw this.unexpected(token, 'word');
      patterns.push(token.word);
    } while (this.lexer.accept('|'));
    this.expectOperator(')');
    this.skipNewlines();
    const empty = this.isOperator(';;') || keyword(this.lexer.peek()) === 'esac';
    return { patterns, body: empty ? undefined : this.#block() };
  }

  #functionKeyword(): Node {
    const token = this.lexer.next();
    if (token.type !== 'word') throw this.unexpected(token, 'word');
    if (this.lexer.accept('(')) this.expectOperator(')');
    return this.functionBody(literal(token.word) ?? '');
  }
}
