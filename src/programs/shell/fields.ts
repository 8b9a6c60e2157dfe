/** What the parts of a word are collected into: fields (split and with wildcards), one text, or one pattern. */
import { escapePattern } from '../pattern.ts';

export interface Collector {
  /** Text that was quoted. */
  quoted(text: string): void;
  /** Unquoted text of the program: wildcards count, it is not split. */
  plain(text: string): void;
  /** The result of an unquoted expansion: it is split at IFS. */
  expanded(text: string): void;
  /** Between the parameters of "$@". */
  separate(): void;
  /** Between those of `$@` and `$*`: no field is empty; one text has the separator there. */
  boundary(separator: string): void;
}

export interface Field {
  /** What was quoted is escaped; a backslash out of a variable escapes, too. */
  readonly pattern: string;
  /** What it is when no file matches. */
  readonly text: string;
}

const empty: Field = { pattern: '', text: '' };

export class Fields implements Collector {
  readonly #fields: Field[] = [];
  readonly #ifs: string;
  #current: Field | undefined;
  #afterBlank = false;

  constructor(ifs: string) {
    this.#ifs = ifs;
  }

  quoted(text: string): void {
    this.#add(escapePattern(text), text);
  }

  plain(text: string): void {
    this.#add(text, text);
  }

  #add(pattern: string, text: string): void {
    const { pattern: before, text: textBefore } = this.#current ?? empty;
    this.#current = { pattern: before + pattern, text: textBefore + text };
    this.#afterBlank = false;
  }

  separate(): void {
    this.#fields.push(this.#current ?? empty);
    this.#current = undefined;
  }

  boundary(): void {
    if (this.#current) this.separate();
  }

  expanded(text: string): void {
    let start = 0;
    for (let i = 0; i <= text.length; i++) {
      const isEnd = i === text.length;
      if (!isEnd && !this.#ifs.includes(text[i]!)) continue;
      if (i > start) this.plain(text.slice(start, i));
      start = i + 1;
      if (!isEnd) this.#delimiter(text[i]!);
    }
  }

  done(): readonly Field[] {
    this.boundary();
    return this.#fields;
  }

  #delimiter(char: string): void {
    const blank = char === ' ' || char === '\t' || char === '\n';
    if (this.#current !== undefined) {
      this.separate();
      this.#afterBlank = blank;
    } else if (!blank) {
      if (!this.#afterBlank) this.#fields.push(empty);
      this.#afterBlank = false;
    }
  }
}

export class Text implements Collector {
  text = '';

  quoted(text: string): void {
    this.text += text;
  }

  plain(text: string): void {
    this.text += text;
  }

  expanded(text: string): void {
    this.text += text;
  }

  separate(): void {
    this.text += ' ';
  }

  boundary(separator: string): void {
    this.text += separator;
  }
}

/** A pattern for `case`, `${x%…}` and the like. */
export class PatternText extends Text {
  override quoted(text: string): void {
    this.text += escapePattern(text);
  }
}
