/** Tokens of the shell language as busybox ash reads them: no bash extension that ash refuses is accepted here. */
import { SyntaxFault, type Redirect } from './ast.ts';
import type { Token } from './token.ts';
import { WordReader } from './word-reader.ts';

const operators = ['&&', '||', ';;', '&', '|', ';', '(', ')'] as const;
const redirects = ['<<<', '<<-', '<<', '<&', '<>', '<', '&>>', '&>', '>>', '>&', '>|', '>'] as const;

interface PendingHereDoc {
  readonly redirect: Redirect;
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
}

export class Lexer {
  source: string;
  position = 0;
  line = 1;
  /** A here-document reached the end of the text without its delimiter. */
  hereDocOpen = false;
  readonly #words: WordReader;
  readonly #hereDocs: PendingHereDoc[] = [];
  #peeked: Token | undefined;

  constructor(source: string, parseSubstitution: (lexer: Lexer) => ReturnType<WordReader['parseSubstitution']>) {
    this.source = source;
    this.#words = new WordReader(this, parseSubstitution);
  }

  peek(): Token {
    return this.#peeked ??= this.#read();
  }

  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    return token;
  }

  /** Takes the next token if it is this operator. */
  accept(operator: string): boolean {
    const token = this.peek();
    if (token.type !== 'operator' || token.text !== operator) return false;
    this.next();
    return true;
  }

  fault(message: string): SyntaxFault {
    return new SyntaxFault(`syntax error: ${message}`, this.line);
  }

  /** Replaces a word that was just read by an alias' text. */
  substitute(start: number, text: string): void {
    this.source = this.source.slice(0, start) + text + this.source.slice(this.position);
    this.position = start;
    this.#peeked = undefined;
  }

  /** Takes a backslash before a newline out of the text at `at`: it may stand between any two characters of a token. */
  join(at = this.position): void {
    while (this.source.startsWith('\\\n', at)) {
      this.source = this.source.slice(0, at) + this.source.slice(at + 2);
      this.line++;
    }
  }

  /** The text of a here-document is read at the next newline. */
  addHereDoc(pending: PendingHereDoc): void {
    this.#hereDocs.push(pending);
  }

  #read(): Token {
    this.#skipBlanks();
    const { line } = this;
    const char = this.source[this.position];
    if (char === undefined) {
      this.#readHereDocs();
      return { type: 'end', line };
    }
    if (char === '\n') {
      this.position++;
      this.line++;
      this.#readHereDocs();
      return { type: 'newline', line };
    }
    if ('&|;<>'.includes(char)) for (const after of [1, 2]) this.join(this.position + after);
    const redirect = this.#redirect();
    if (redirect) return redirect;
    for (const text of operators) {
      if (!this.source.startsWith(text, this.position)) continue;
      this.position += text.length;
      return { type: 'operator', text, line };
    }
    const start = this.position;
    const word = this.#words.read();
    return { type: 'word', word, start, end: this.position, line };
  }

  #skipBlanks(): void {
    const { source } = this;
    for (;;) {
      const char = source[this.position];
      if (char === ' ' || char === '\t') this.position++;
      else if (char === '\\' && source[this.position + 1] === '\n') {
        this.position += 2;
        this.line++;
      } else if (char === '#') {
        const end = source.indexOf('\n', this.position);
        this.position = end < 0 ? source.length : end;
      } else return;
    }
  }

  #redirect(): Token | undefined {
    const digits = /\d*/y;
    digits.lastIndex = this.position;
    const number = digits.exec(this.source)![0];
    const at = this.position + number.length;
    const operator = redirects.find((text) => this.source.startsWith(text, at));
    if (!operator || (number !== '' && operator.startsWith('&'))) return undefined;
    this.position = at + operator.length;
    return { type: 'redirect', operator, fd: number === '' ? (operator.startsWith('<') ? 0 : 1) : Number(number), line: this.line };
  }

  #readHereDocs(): void {
    for (const { redirect, delimiter, quoted, stripTabs } of this.#hereDocs.splice(0)) {
      let text = '';
      let closed = false;
      while (!closed && this.position < this.source.length) {
        const end = this.source.indexOf('\n', this.position);
        let line = this.source.slice(this.position, end < 0 ? undefined : end);
        this.position = end < 0 ? this.source.length : end + 1;
        this.line++;
        if (stripTabs) line = line.replace(/^\t+/, '');
        closed = line === delimiter;
        if (!closed) text += end < 0 ? line : `${line}\n`;
      }
      this.hereDocOpen ||= !closed;
      redirect.target = quoted ? { parts: [{ type: 'text', text, quoted: true }] } : this.#words.readHereDoc(text);
    }
  }
}
