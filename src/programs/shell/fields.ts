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
}

export class Fields implements Collector {
  /** Patterns: what was quoted is escaped. */
  readonly fields: string[] = [];
  readonly #ifs: string;
  #current: string | undefined;
  #afterBlank = false;

  constructor(ifs: string) {
    this.#ifs = ifs;
  }

  quoted(text: string): void {
    this.#current = (this.#current ?? '') + escapePattern(text);
    this.#afterBlank = false;
  }

  plain(text: string): void {
    this.#current = (this.#current ?? '') + text;
    this.#afterBlank = false;
  }

  separate(): void {
    this.fields.push(this.#current ?? '');
    this.#current = undefined;
  }

  expanded(text: string): void {
    let start = 0;
    for (let i = 0; i <= text.length; i++) {
      const isEnd = i === text.length;
      if (!isEnd && !this.#ifs.includes(text[i]!)) continue;
      if (i > start) this.plain(text.slice(start, i).replaceAll('\\', '\\\\'));
      start = i + 1;
      if (!isEnd) this.#delimiter(text[i]!);
    }
  }

  done(): string[] {
    if (this.#current !== undefined) this.fields.push(this.#current);
    this.#current = undefined;
    return this.fields;
  }

  #delimiter(char: string): void {
    const blank = char === ' ' || char === '\t' || char === '\n';
    if (this.#current !== undefined) {
      this.separate();
      this.#afterBlank = blank;
    } else if (!blank) {
      if (!this.#afterBlank) this.fields.push('');
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
}

/** A pattern for `case`, `${x%…}` and the like. */
export class PatternText extends Text {
  override quoted(text: string): void {
    this.text += escapePattern(text);
  }
}
