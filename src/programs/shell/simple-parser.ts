/** Simple commands: words, assignments, redirections, aliases; and what all parts of the parser need. */
import { literal, unquoted, type Assignment, type Node, type Redirect, type SyntaxFault, type Word } from './ast.ts';
import type { Lexer } from './lexer.ts';
import { asAssignment, keyword, tokenName, type Token } from './token.ts';

/** The line that ends a here-document: the word after `<<` without its quotes, nothing in it expanded. */
function hereDocEnd(word: string): { delimiter: string; quoted: boolean } {
  const joined = word.replaceAll('\\\n', '');
  const delimiter = joined.replace(/\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/g, (_, escaped?: string, single?: string, double?: string) =>
    escaped ?? single ?? double!.replace(/\\([$`"\\])/g, '$1'));
  return { delimiter, quoted: delimiter !== joined };
}

export abstract class SimpleParser {
  protected readonly lexer: Lexer;
  readonly #aliases: ReadonlyMap<string, string>;
  /** Where the text of an alias ends that ends with a blank: the next word may be an alias, too. */
  #aliasEnd: number | undefined;

  constructor(lexer: Lexer, aliases: ReadonlyMap<string, string>) {
    this.lexer = lexer;
    this.#aliases = aliases;
  }

  /** Any command; the body of a function is one. */
  protected abstract command(): Node;

  protected functionBody(name: string): Node {
    this.skipNewlines();
    return { type: 'function', name, body: this.command() };
  }

  protected simple(): Node {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    const { line } = this.lexer.peek();
    for (;;) {
      const token = this.lexer.peek();
      if (token.type === 'redirect') {
        redirects.push(this.#redirect());
        continue;
      }
      if (token.type === 'word') {
        this.lexer.next();
        const assigned = words.length === 0 ? asAssignment(token.word) : undefined;
        if (assigned) assignments.push(assigned);
        else words.push(token.word);
        if (words.length === 0 || this.#followsAlias()) this.expandAlias();
        continue;
      }
      if (this.#inBrackets(words, token)) continue;
      if (words.length === 1 && assignments.length === 0 && redirects.length === 0 && this.lexer.accept('(')) {
        this.expectOperator(')');
        return this.functionBody(this.#functionName(words[0]!));
      }
      return { type: 'command', assignments, words, redirects, line };
    }
  }

  /** Between `[[` and `]]` ash takes && and || as -a and -o. */
  #inBrackets(words: Word[], token: Token): boolean {
    if (token.type !== 'operator' || (token.text !== '&&' && token.text !== '||')) return false;
    if (words.length === 0 || unquoted(words[0]!) !== '[[' || unquoted(words.at(-1)!) === ']]') return false;
    this.lexer.next();
    words.push({ parts: [{ type: 'text', text: token.text === '&&' ? '-a' : '-o', quoted: true }] });
    return true;
  }

  #followsAlias(): boolean {
    const token = this.lexer.peek();
    if (token.type !== 'word' || this.#aliasEnd === undefined || token.start < this.#aliasEnd) return false;
    this.#aliasEnd = undefined;
    return true;
  }

  #functionName(word: Word): string {
    const name = literal(word);
    if (name === undefined || name.includes('/')) throw this.lexer.fault('bad function name');
    return name;
  }

  protected redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    while (this.lexer.peek().type === 'redirect') redirects.push(this.#redirect());
    return redirects;
  }

  #redirect(): Redirect {
    const token = this.lexer.next();
    if (token.type !== 'redirect') throw this.unexpected(token);
    if (token.operator === '<<<') throw this.lexer.fault('unexpected redirection');
    const target = this.lexer.peek();
    if (target.type !== 'word') throw this.unexpected(target);
    if (token.operator === '<<' || token.operator === '<<-') {
      const redirect: Redirect = { operator: '<<', fd: token.fd, target: { parts: [] } };
      const { delimiter, quoted } = hereDocEnd(this.lexer.source.slice(target.start, target.end));
      this.lexer.addHereDoc({ redirect, delimiter, quoted, stripTabs: token.operator === '<<-' });
      this.lexer.next();
      return redirect;
    }
    this.lexer.next();
    return { operator: token.operator, fd: token.fd, target: target.word };
  }

  protected expandAlias(): void {
    const seen = new Set<string>();
    for (;;) {
      const token = this.lexer.peek();
      const name = token.type === 'word' ? unquoted(token.word) : undefined;
      const text = name === undefined || seen.has(name) ? undefined : this.#aliases.get(name);
      if (token.type !== 'word' || name === undefined || text === undefined) return;
      seen.add(name);
      this.lexer.substitute(token.start, text);
      this.#aliasEnd = /[ \t]$/.test(text) ? token.start + text.length : undefined;
    }
  }

  protected skipNewlines(): void {
    while (this.lexer.peek().type === 'newline') this.lexer.next();
  }

  protected isOperator(text: string): boolean {
    const token = this.lexer.peek();
    return token.type === 'operator' && token.text === text;
  }

  protected expect(name: string): void {
    const token = this.lexer.peek();
    if (keyword(token) !== name) throw this.unexpected(token, `"${name}"`);
    this.lexer.next();
  }

  protected expectOperator(text: string): void {
    if (!this.lexer.accept(text)) throw this.unexpected(this.lexer.peek(), `"${text}"`);
  }

  protected unexpected(token: Token, expected?: string): SyntaxFault {
    return this.lexer.fault(`unexpected ${tokenName(token)}${expected === undefined ? '' : ` (expecting ${expected})`}`);
  }
}
