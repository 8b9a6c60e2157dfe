/**
 * JSON as Go's decoder sees it: every repeated member, the spelling of every number, and syntax errors in Go's words
 * (encoding/json/scanner.go). Slower than `JSON.parse`, so it reads only what that refuses or would lose.
 *
 * A tree is a JSON value in which numbers may be `NumberText` and members may be `Repeated`.
 */
import { quote } from '../../lib/go-format.ts';
import { DecodeError } from './decode-error.ts';

/** A number whose text matters: not a plain integer of up to 15 digits. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The values of a member that occurs more than once, in order. */
export class Repeated {
  readonly values: unknown[];
  constructor(values: unknown[]) {
    this.values = values;
  }

  get last(): unknown {
    return this.values.at(-1);
  }
}

/** Nesting that upstream accepts. */
const depthMax = 10_000;

type Container = { readonly list: unknown[] } | { readonly object: Record<string, unknown>; key: string };

/** Reads one JSON document. Throws DecodeError with Go's text. */
export function parseTree(text: string): unknown {
  return new TreeParser(text).document();
}

class TreeParser {
  readonly #text: string;
  #at = 0;
  readonly #open: Container[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    for (;;) {
      let value = this.#beginValue();
      while (value !== opened) {
        const container = this.#open.at(-1);
        if (!container) return this.#end(value);
        store(container, value);
        if (this.#closes(container)) value = this.#close();
        else break;
      }
    }
  }

  /** Reads a literal, or opens a container: answers `opened`, or the container if it is empty. */
  #beginValue(): unknown {
    const c = this.#peek();
    if (c === '{' || c === '[') {
      if (this.#open.length >= depthMax) this.#fail('exceeded max depth');
      this.#at++;
      this.#open.push(c === '[' ? { list: [] } : { object: {}, key: '' });
      if (this.#peek() === (c === '[' ? ']' : '}')) {
        this.#at++;
        return this.#close();
      }
      if (c === '{') this.#key();
      return opened;
    }
    if (c === '"') return this.#string();
    if (c === '-' || (c >= '0' && c <= '9')) return this.#number();
    if (c === 't') return this.#word('true', true);
    if (c === 'f') return this.#word('false', false);
    if (c === 'n') return this.#word('null', null);
    return this.#fail('looking for beginning of value');
  }

  /** After a value: whether its container ends here. */
  #closes(container: Container): boolean {
    const c = this.#peek();
    const isList = 'list' in container;
    if (c !== ',' && c !== (isList ? ']' : '}')) this.#fail(isList ? 'after array element' : 'after object key:value pair');
    this.#at++;
    if (c === ',' && !isList) this.#key();
    return c !== ',';
  }

  #close(): unknown {
    const container = this.#open.pop()!;
    return 'list' in container ? container.list : container.object;
  }

  #key(): void {
    if (this.#peek() !== '"') this.#fail('looking for beginning of object key string');
    const container = this.#open.at(-1) as { key: string };
    container.key = this.#string();
    if (this.#peek() !== ':') this.#fail('after object key');
    this.#at++;
  }

  #end(value: unknown): unknown {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('after top-level value');
    return value;
  }

  #string(): string {
    const from = this.#at++;
    for (;;) {
      const c = this.#required();
      if (c === '"') break;
      if (c < ' ') this.#fail('in string literal');
      this.#at++;
      if (c === '\\') this.#escape();
    }
    this.#at++;
    const value = JSON.parse(this.#text.slice(from, this.#at)) as string;
    // Lone surrogates become U+FFFD, as Go's UTF-8 strings have it.
    return /[\ud800-\udfff]/.test(value) ? Buffer.from(value).toString() : value;
  }

  #escape(): void {
    if (!/["\\/bfnrtu]/.test(this.#required())) this.#fail('in string escape code');
    if (this.#text[this.#at++] !== 'u') return;
    for (let i = 0; i < 4; i++, this.#at++) {
      if (!/[0-9a-fA-F]/.test(this.#required())) this.#fail('in \\u hexadecimal character escape');
    }
  }

  #number(): number | NumberText {
    const from = this.#at;
    if (this.#text[this.#at] === '-') this.#at++;
    if (this.#text[this.#at] === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.#text[this.#at] === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.#text[this.#at] ?? '')) {
      this.#at++;
      if (/[+-]/.test(this.#required())) this.#at++;
      this.#digits('in exponent of numeric literal');
    }
    const text = this.#text.slice(from, this.#at);
    return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : new NumberText(text);
  }

  #digits(context: string): void {
    if (!/\d/.test(this.#required())) this.#fail(context);
    while (/\d/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #word<T>(word: string, value: T): T {
    for (const letter of word) {
      if (this.#required() !== letter) this.#fail(`in literal ${word} (expecting '${letter}')`);
      this.#at++;
    }
    return value;
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #peek(): string {
    this.#skipSpace();
    return this.#required();
  }

  #required(): string {
    const c = this.#text[this.#at];
    if (c === undefined) throw new DecodeError('unexpected end of JSON input');
    return c;
  }

  #fail(context: string): never {
    throw new DecodeError(`invalid character ${quotedByte(this.#text, this.#at)} ${context}`);
  }
}

const opened = Symbol('opened');

function store(container: Container, value: unknown): void {
  if ('list' in container) {
    container.list.push(value);
    return;
  }
  const { object, key } = container;
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  if (before === undefined) setOwn(object, key, value);
  else if (before instanceof Repeated) before.values.push(value);
  else setOwn(object, key, new Repeated([before, value]));
}

/** Sets a member even when its name is `__proto__`. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** The byte at which Go stops, quoted as it does: the first byte of a character taken as Latin-1. */
function quotedByte(text: string, at: number): string {
  const char = String.fromCodePoint(text.codePointAt(at)!);
  const byte = String.fromCharCode(Buffer.from(char)[0]!);
  if (byte === "'") return "'\\''";
  return byte === '"' ? "'\"'" : `'${quote(byte).slice(1, -1)}'`;
}
