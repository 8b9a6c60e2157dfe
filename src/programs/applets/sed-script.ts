/** Reads the scripts of sed. */
import { compileRegex } from '../regex.ts';

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'step'; readonly line: number; readonly step: number }
  | { readonly kind: 'offset'; readonly line: number }
  | { readonly kind: 'regex'; readonly regex: RegExp | undefined };

export interface SedCommand {
  readonly name: string;
  readonly first: Address | undefined;
  readonly second: Address | undefined;
  readonly negated: boolean;
  /** Replacement, text to add, file to read or label. */
  readonly text: string;
  /** Where `w` writes to. */
  readonly file?: string;
  readonly regex?: RegExp | undefined;
  readonly flags?: string;
  readonly table?: ReadonlyMap<string, string>;
  /** Of a block, the index to go on after; of a jump, the index to go on at, or -1 when there is no such label. */
  target: number;
}

/** A script that cannot be read. */
export class ScriptFault extends Error {}

export function parseScript(text: string, extended: boolean): SedCommand[] {
  return new ScriptReader(text, extended).run();
}

class ScriptReader {
  readonly #text: string;
  readonly #extended: boolean;
  readonly #commands: SedCommand[] = [];
  readonly #labels = new Map<string, number>();
  #at = 0;

  constructor(text: string, extended: boolean) {
    this.#text = text;
    this.#extended = extended;
  }

  run(): SedCommand[] {
    const blocks: SedCommand[] = [];
    for (;;) {
      this.#skip(/[\s;]*/y);
      if (this.#at >= this.#text.length) break;
      if (this.#text[this.#at] === '#') {
        this.#skip(/[^\n]*/y);
        continue;
      }
      const command = this.#command();
      if (command.name === '}') {
        const block = blocks.pop();
        if (!block) throw new ScriptFault('unexpected }');
        block.target = this.#commands.length - 1;
      } else if (command.name === ':') this.#labels.set(command.text, this.#commands.length);
      else {
        this.#commands.push(command);
        if (command.name === '{') blocks.push(command);
      }
    }
    if (blocks.length > 0) throw new ScriptFault('unmatched {');
    for (const command of this.#commands) {
      if (!'btT'.includes(command.name)) continue;
      command.target = command.text === '' ? this.#commands.length : this.#labels.get(command.text) ?? -1;
    }
    return this.#commands;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  #address(): Address | undefined {
    const char = this.#text[this.#at];
    if (char === '$') {
      this.#at++;
      return { kind: 'last' };
    }
    if (char !== undefined && /\d/.test(char)) {
      const line = Number(this.#skip(/\d+/y));
      if (this.#text[this.#at] !== '~') return { kind: 'line', line };
      this.#at++;
      return { kind: 'step', line, step: Number(this.#skip(/\d+/y)) };
    }
    if (char === '+') {
      this.#at++;
      return { kind: 'offset', line: Number(this.#skip(/\d+/y)) };
    }
    if (char !== '/' && char !== '\\') return undefined;
    if (char === '\\') this.#at++;
    const text = this.#delimited(this.#text[this.#at++]!);
    const flags = this.#skip(/I/y) === '' ? '' : 'i';
    return { kind: 'regex', regex: text === '' ? undefined : compileRegex(text, { extended: this.#extended, flags }) };
  }

  /** Text up to a delimiter, which a backslash protects. */
  #delimited(delimiter: string, keepsEscapes = true): string {
    let text = '';
    let inBracket = false;
    for (;;) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw new ScriptFault(`unmatched '${delimiter}'`);
      if (char === '\\' && this.#text[this.#at] !== undefined) {
        const next = this.#text[this.#at++]!;
        text += next === delimiter && (keepsEscapes || next !== '&') ? next : `\\${next}`;
      } else if (char === delimiter && !inBracket) return text;
      else {
        if (keepsEscapes && char === '[' && !inBracket) inBracket = true;
        else if (char === ']' && inBracket && !text.endsWith('[') && !text.endsWith('[^')) inBracket = false;
        text += char;
      }
    }
  }

  #command(): SedCommand {
    const first = this.#address();
    let second: Address | undefined;
    this.#skip(/[ \t]*/y);
    if (first && this.#text[this.#at] === ',') {
      this.#at++;
      this.#skip(/[ \t]*/y);
      second = this.#address();
      if (!second) throw new ScriptFault('no address after comma');
    }
    this.#skip(/[ \t]*/y);
    const negated = this.#text[this.#at] === '!';
    if (negated) this.#skip(/![! \t]*/y);
    const name = this.#text[this.#at++];
    if (name === undefined) throw new ScriptFault('missing command');
    const base = { name, first, second, negated, text: '', target: -1 };
    switch (name) {
      case 's': return this.#substitution(base);
      case 'y': return this.#transliteration(base);
      case 'a':
      case 'i':
      case 'c': return { ...base, text: this.#addedText() };
      case ':':
      case 'b':
      case 't':
      case 'T': return { ...base, text: this.#skip(/[ \t]*[^;\n}]*/y).trim() };
      case 'r': return { ...base, text: this.#skip(/[^\n]*/y).trim() };
      case 'w': return { ...base, file: this.#skip(/[^\n]*/y).trim() };
      case 'q':
      case 'Q': return { ...base, text: this.#skip(/[ \t]*\d*/y).trim() };
      default:
        if (!'{}=dDgGhHlnNpPx'.includes(name)) throw new ScriptFault(`unsupported command ${name}`);
        return base;
    }
  }

  #substitution(base: SedCommand): SedCommand {
    const delimiter = this.#text[this.#at++] ?? '/';
    const pattern = this.#delimited(delimiter);
    const text = this.#delimited(delimiter, false);
    const flags = this.#skip(/[gpiIe\d]*/y);
    const regexFlags = /i/i.test(flags) ? 'i' : '';
    const file = this.#skip(/w[^\n]*/y).slice(1).trim();
    return { ...base, text, flags, ...(file === '' ? {} : { file }), regex: pattern === '' ? undefined : compileRegex(pattern, { extended: this.#extended, flags: regexFlags }) };
  }

  #transliteration(base: SedCommand): SedCommand {
    const delimiter = this.#text[this.#at++] ?? '/';
    const from = this.#delimited(delimiter);
    const to = this.#delimited(delimiter);
    if (from.length !== to.length) throw new ScriptFault('y command strings have different lengths');
    return { ...base, table: new Map([...from].map((char, i) => [char, to[i]!])) };
  }

  #addedText(): string {
    this.#skip(/[ \t]*(?:\\\n?)?/y);
    let text = '';
    for (; this.#at < this.#text.length && this.#text[this.#at] !== '\n'; this.#at++) {
      const isEscaped = this.#text[this.#at] === '\\' && this.#at + 1 < this.#text.length;
      const char = this.#text[isEscaped ? ++this.#at : this.#at]!;
      text += isEscaped ? escapes.get(char) ?? char : char;
    }
    return text;
  }
}

const escapes = new Map([['n', '\n'], ['t', '\t'], ['r', '\r']]);
