/** POSIX regular expressions, basic and extended, as those of JavaScript. */
import { classes, escapeRegExp } from './pattern.ts';

/** A regular expression that makes no sense. */
export class BadRegex extends Error {}

export interface RegexOptions {
  readonly extended?: boolean;
  readonly flags?: string;
  /** Matches whole lines or whole words only. */
  readonly whole?: 'line' | 'word' | undefined;
  /** The text is taken as it is. */
  readonly fixed?: boolean;
}

/** A repeated group with a repetition inside: together with what V8's linear engine lacks (`src/regexp-engine.ts`), it might never end. */
const explosive = /\([^()]*[*+}][^()]*\)[*+{]/;
const backtracksOnly = /\\[1-9]|\(\?<?[=!]/;

/** Compiles a POSIX regular expression. Throws BadRegex. */
export function compileRegex(text: string, options: RegexOptions = {}): RegExp {
  const source = options.fixed ? escapeRegExp(text) : new Translation(text, options.extended === true).source();
  const framed = options.whole === 'line' ? `^(?:${source})$` : options.whole === 'word' ? `(?<!\\w)(?:${source})(?!\\w)` : source;
  if (explosive.test(source) && backtracksOnly.test(framed)) throw new BadRegex(text);
  try {
    return new RegExp(framed, options.flags ?? '');
  } catch {
    throw new BadRegex(text);
  }
}

class Translation {
  readonly #text: string;
  readonly #extended: boolean;
  #at = 0;
  #result = '';

  constructor(text: string, extended: boolean) {
    this.#text = text;
    this.#extended = extended;
  }

  source(): string {
    while (this.#at < this.#text.length) this.#one();
    return this.#result;
  }

  #one(): void {
    const char = this.#text[this.#at++]!;
    if (char === '[') this.#result += this.#bracket();
    else if (char === '\\') this.#escape();
    else if (char === '*') this.#result += this.#atStart() ? '\\*' : '*';
    else if (this.#extended && '+?|(){}'.includes(char)) this.#result += char === '{' && !/^\d*,?\d*\}/.test(this.#text.slice(this.#at)) ? '\\{' : char;
    else if ('+?|(){}/'.includes(char)) this.#result += `\\${char}`;
    else if (char === '^') this.#result += this.#extended || this.#atStart() ? '^' : '\\^';
    else if (char === '$') this.#result += this.#extended || this.#atEnd() ? '$' : '\\$';
    else this.#result += char === ']' ? '\\]' : char;
  }

  #atStart(): boolean {
    return this.#result === '' || this.#result === '^' || /(?<!\\)(?:\\\\)*[(|]$/.test(this.#result);
  }

  #atEnd(): boolean {
    const rest = this.#text.slice(this.#at);
    return rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|');
  }

  #escape(): void {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new BadRegex(this.#text);
    if (!this.#extended && '(){}|+?'.includes(char)) this.#result += char;
    else if (char === '<' || char === '>') this.#result += '\\b';
    else if (/[wWsSbB1-9nt]/.test(char)) this.#result += `\\${char}`;
    else this.#result += escapeRegExp(char);
  }

  #bracket(): string {
    const text = this.#text;
    let body = '';
    const negated = text[this.#at] === '^';
    if (negated) this.#at++;
    for (let first = true; ; first = false) {
      const char = text[this.#at++];
      if (char === undefined) throw new BadRegex(text);
      if (char === ']' && !first) return body === '' ? '(?!)' : `[${negated ? '^' : ''}${body}]`;
      const name = char === '[' ? /^:(\w+):\]/.exec(text.slice(this.#at)) : undefined;
      if (name) {
        if (classes[name[1]!] === undefined) throw new BadRegex(text);
        body += classes[name[1]!];
        this.#at += name[0].length;
      } else if (char === '-' && !first && text[this.#at] !== ']') body += '-';
      else body += '\\]^[-'.includes(char) ? `\\${char}` : char;
    }
  }
}
