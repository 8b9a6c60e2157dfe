/** Reads one word of a shell program: quotes, backslashes, `$…` and backquotes, into parts. */
import { ansiEscapes } from '../escapes.ts';
import type { Node, Part, Word } from './ast.ts';
import type { Lexer } from './lexer.ts';
import { braced, bracedQuoted, doubleQuoted, hereDocument, plain, quotedPattern, type Context } from './word-context.ts';

const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y;
const parameterAt = /[A-Za-z_][A-Za-z0-9_]*|\d+|[@*#?$!-]/y;
const operatorAt = /:?[-=+?]|%%?|##?/y;

export class WordReader {
  readonly #lexer: Lexer;
  readonly parseSubstitution: (lexer: Lexer) => Node | undefined;
  #parts: Part[] = [];
  /** The quotes in which the slash after a pattern stands: the replacement begins within them. */
  #slashWithin: '"' | "'" | undefined;

  constructor(lexer: Lexer, parseSubstitution: (lexer: Lexer) => Node | undefined) {
    this.#lexer = lexer;
    this.parseSubstitution = parseSubstitution;
  }

  /** The word at the lexer's position. */
  read(): Word {
    return this.#readUntil(plain);
  }

  readHereDoc(text: string): Word {
    const { source, position, line } = this.#lexer;
    this.#lexer.source = text;
    this.#lexer.position = 0;
    const word = this.#readUntil(hereDocument);
    Object.assign(this.#lexer, { source, position, line });
    return word;
  }

  #readUntil(context: Context, within?: '"' | "'"): Word {
    const saved = this.#parts;
    this.#parts = [];
    if (within === '"') this.#doubleQuotes(context);
    else if (within === "'") this.#singleQuotes(context);
    this.#scan(context);
    const word = { parts: this.#parts };
    this.#parts = saved;
    return word;
  }

  #scan(context: Context): void {
    const lexer = this.#lexer;
    for (;;) {
      const char = lexer.source[lexer.position];
      if (char === undefined) {
        if (context === plain || context.hereDoc) return;
        throw lexer.fault(context === doubleQuoted || context === quotedPattern ? 'unterminated quoted string' : 'unexpected end of file (expecting "}")');
      }
      if (context.ends(char)) return;
      lexer.position++;
      if (char === '\\') this.#backslash(context);
      else if (char === '$') this.#dollar(context.quoted);
      else if (char === '`') this.#backquote(context.quoted);
      else if (char === "'" && !context.quoted) this.#singleQuotes(context);
      else if (char === '"' && !context.hereDoc) this.#doubleQuotes(context);
      else {
        if (char === '\n') lexer.line++;
        this.#text(char, context.quoted);
      }
    }
  }

  #text(text: string, quoted: boolean): void {
    const last = this.#parts.at(-1);
    if (last?.type === 'text' && last.quoted === quoted) this.#parts[this.#parts.length - 1] = { ...last, text: last.text + text };
    else this.#parts.push({ type: 'text', text, quoted });
  }

  #backslash(context: Context): void {
    const lexer = this.#lexer;
    const char = lexer.source[lexer.position];
    if (char === undefined) return this.#text('\\', true);
    lexer.position++;
    if (char === '\n') {
      lexer.line++;
      return;
    }
    const special = context.hereDoc ? '$`\\' : '$`"\\';
    const escapes = !context.quoted || special.includes(char) || (context === bracedQuoted && char === '}');
    this.#text(escapes ? char : `\\${char}`, true);
  }

  #singleQuotes(context: Context): void {
    const lexer = this.#lexer;
    const end = lexer.source.indexOf("'", lexer.position);
    if (end < 0) throw lexer.fault('unterminated quoted string');
    const text = lexer.source.slice(lexer.position, end);
    const slash = context.pattern ? text.indexOf('/') : -1;
    if (slash >= 0) this.#slashWithin = "'";
    this.#quotedText(slash < 0 ? text : text.slice(0, slash));
    lexer.position = slash < 0 ? end + 1 : lexer.position + slash;
  }

  #quotedText(text: string): void {
    for (const char of text) if (char === '\n') this.#lexer.line++;
    this.#text(text, true);
  }

  #doubleQuotes(context: Context): void {
    if (context === bracedQuoted) {
      // `"${x:-"y"}"`: the inner quotes only switch quoting, which stays on.
      return;
    }
    const before = this.#parts.length;
    this.#scan(context.pattern ? quotedPattern : doubleQuoted);
    // Nothing between the quotes is an empty word; "$@" without parameters is none.
    if (this.#parts.length === before) this.#text('', true);
    if (this.#lexer.source[this.#lexer.position] === '/') this.#slashWithin = '"';
    else this.#lexer.position++;
  }

  #dollar(quoted: boolean): void {
    const lexer = this.#lexer;
    lexer.join();
    const rest = lexer.source[lexer.position];
    if (rest === '(' || rest === '{') lexer.join(lexer.position + 1);
    if (rest === '(' && lexer.source[lexer.position + 1] === '(') return this.#arithmetic(quoted);
    if (rest === '(') {
      lexer.position++;
      this.#parts.push({ type: 'command', body: this.parseSubstitution(lexer), quoted });
      return;
    }
    if (rest === '{') {
      lexer.position++;
      this.#parts.push(this.#braces(quoted));
      return;
    }
    if (rest === "'" && !quoted) return this.#ansiQuotes();
    const name = this.#name(nameAt) ?? (rest !== undefined && '@*#?$!-0123456789'.includes(rest) ? rest : undefined);
    if (name === undefined) return this.#text('$', quoted);
    lexer.position += name.length;
    this.#parts.push({ type: 'parameter', name, operator: '', operand: undefined, quoted });
  }

  /** The name at the lexer's position, which may be spread over lines. */
  #name(pattern: RegExp): string | undefined {
    const lexer = this.#lexer;
    for (;;) {
      pattern.lastIndex = lexer.position;
      const name = pattern.exec(lexer.source)?.[0];
      const { source } = lexer;
      lexer.join(lexer.position + (name?.length ?? 0));
      if (name === undefined || source === lexer.source) return name;
    }
  }

  #ansiQuotes(): void {
    const lexer = this.#lexer;
    let end = lexer.position + 1;
    while (end < lexer.source.length && lexer.source[end] !== "'") end += lexer.source[end] === '\\' ? 2 : 1;
    if (end >= lexer.source.length) throw lexer.fault('unterminated quoted string');
    this.#quotedText(ansiEscapes(lexer.source.slice(lexer.position + 1, end)));
    lexer.position = end + 1;
  }

  #arithmetic(quoted: boolean): void {
    const lexer = this.#lexer;
    lexer.position += 2;
    let depth = 0;
    const context: Context = {
      quoted: true,
      ends: (char) => {
        if (char === '(') depth++;
        else if (char === ')' && depth-- === 0) return true;
        return false;
      },
    };
    const expression = this.#readUntil(context);
    lexer.join(lexer.position + 1);
    if (lexer.source[lexer.position + 1] !== ')') throw lexer.fault('missing \'))\'');
    lexer.position += 2;
    this.#parts.push({ type: 'arithmetic', expression, quoted });
  }

  #braces(quoted: boolean): Part {
    const lexer = this.#lexer;
    lexer.join(lexer.position + 1);
    const inner = quoted ? bracedQuoted : braced;
    const { source } = lexer;
    if (source[lexer.position] === '#' && source[lexer.position + 1] !== '}') {
      parameterAt.lastIndex = lexer.position + 1;
      const name = parameterAt.exec(source)?.[0];
      lexer.join(parameterAt.lastIndex);
      if (name !== undefined && lexer.source[parameterAt.lastIndex] === '}') {
        lexer.position = parameterAt.lastIndex + 1;
        return { type: 'parameter', name, operator: 'length', operand: undefined, quoted };
      }
    }
    const name = this.#name(parameterAt);
    if (name === undefined) return this.#bad(inner);
    lexer.position += name.length;
    return this.#afterName(name, quoted, inner);
  }

  #afterName(name: string, quoted: boolean, inner: Context): Part {
    const lexer = this.#lexer;
    const { source } = lexer;
    operatorAt.lastIndex = lexer.position;
    const operator = operatorAt.exec(source)?.[0];
    if (operator !== undefined) {
      lexer.position += operator.length;
      // Patterns after % and # are not protected by the quotes around the whole.
      const operand = this.#readUntil(/^[%#]/.test(operator) ? braced : inner);
      lexer.position++;
      return { type: 'parameter', name, operator, operand, quoted };
    }
    if (source[lexer.position] === '}') {
      lexer.position++;
      return { type: 'parameter', name, operator: '', operand: undefined, quoted };
    }
    if (source[lexer.position] === ':') return this.#slice(name, quoted);
    if (source[lexer.position] === '/') return this.#replacement(name, quoted);
    return this.#bad(inner);
  }

  #slice(name: string, quoted: boolean): Part {
    const lexer = this.#lexer;
    lexer.position++;
    const offset = this.#readUntil({ quoted: true, ends: (char) => char === ':' || char === '}' });
    let length: Word | undefined;
    if (lexer.source[lexer.position] === ':') {
      lexer.position++;
      length = this.#readUntil(bracedQuoted);
    }
    lexer.position++;
    return { type: 'slice', name, offset, length, quoted };
  }

  #replacement(name: string, quoted: boolean): Part {
    const lexer = this.#lexer;
    lexer.position++;
    const all = lexer.source[lexer.position] === '/';
    if (all) lexer.position++;
    // The slash that comes first is the pattern: `${path////:}`.
    const first = lexer.position;
    this.#slashWithin = undefined;
    const pattern = this.#readUntil({ quoted: false, pattern: true, ends: (char) => char === '}' || (char === '/' && lexer.position > first) });
    let by: Word = { parts: [] };
    if (lexer.source[lexer.position] === '/') {
      lexer.position++;
      by = this.#readUntil(braced, this.#slashWithin);
    }
    lexer.position++;
    return { type: 'replace', name, all, pattern, by, quoted };
  }

  /** A substitution that makes no sense is an error only when it is expanded. */
  #bad(context: Context): Part {
    this.#readUntil(context);
    this.#lexer.position++;
    return { type: 'bad' };
  }

  #backquote(quoted: boolean): void {
    const lexer = this.#lexer;
    let text = '';
    for (;;) {
      const char = lexer.source[lexer.position++];
      if (char === undefined) throw lexer.fault('EOF in backquote substitution');
      if (char === '`') break;
      const next = lexer.source[lexer.position];
      if (char === '\\' && next !== undefined && ('\\`$'.includes(next) || (quoted && next === '"'))) {
        text += next;
        lexer.position++;
      } else text += char;
    }
    const { source, position, line } = lexer;
    lexer.source = `${text}\n)`;
    lexer.position = 0;
    const body = this.parseSubstitution(lexer);
    Object.assign(lexer, { source, position, line });
    this.#parts.push({ type: 'command', body, quoted });
  }
}
