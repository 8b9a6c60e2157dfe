/** From the text of an expression to its tokens (cel-go's parser/gen/CEL.g4). */
import type { Fault } from './expression-error.ts';
import { Uint } from './values.ts';

export interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'quoted' | 'operator' | 'end';
  readonly text: string;
  readonly at: number;
}

const escape = /\\(?:[abfnrtv"'\\?`]|[0-3][0-7][0-7]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/.source;
const strings = [
  String.raw`[rR]"""[^]*?"""`, String.raw`[rR]'''[^]*?'''`, String.raw`[rR]"[^"\n\r]*"`, String.raw`[rR]'[^'\n\r]*'`,
  `"""(?:${escape}|[^\\\\])*?"""`, `'''(?:${escape}|[^\\\\])*?'''`, `"(?:${escape}|[^\\\\"\\n\\r])*"`, `'(?:${escape}|[^\\\\'\\n\\r])*'`,
].join('|');

const tokenPattern = new RegExp([
  /(?<space>[\t \r\n\f]+|\/\/[^\n]*)/.source,
  /(?<number>0x[0-9a-fA-F]+[uU]?|\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?)/.source,
  `(?<string>[bB]?(?:${strings}))`, /(?<name>[A-Za-z_]\w*)/.source, /(?<quoted>`[\w.\-/ ]+`)/.source,
  /(?<operator>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}])/.source,
].join('|'), 'y');

/** What is no token ends where it cannot become one any more. */
const brokenEscape = String.raw`\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?[^]?`;
const oddPattern = new RegExp(['"', "'"].map((mark) => `${mark}(?:${escape}|[^${mark}\\\\\\n\\r])*(?:${brokenEscape}|[\\n\\r])?|`).join('') + '[=&|][^]?|[^]', 'uy');

/** Passes over what is no token, with a fault for each. */
export function tokensOf(text: string, faults: Fault[]): Token[] {
  const result: Token[] = [];
  let at = 0;
  while (at < text.length) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (!match) {
      oddPattern.lastIndex = at;
      const [odd] = oddPattern.exec(text)!;
      faults.push({ message: `Syntax error: token recognition error at: '${odd}'`, at });
      at += odd.length;
      continue;
    }
    const kind = Object.entries(match.groups!).find(([, value]) => value !== undefined)![0];
    if (kind !== 'space') result.push({ kind: match[0] === 'in' ? 'operator' : kind as Token['kind'], text: match[0], at });
    at += match[0].length;
  }
  return [...result, { kind: 'end', text: '<EOF>', at }];
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** What a text or, between quotes after `b`, bytes stand for; a message when they are none. */
export function unquoted(token: string): { readonly value: string | Uint8Array } | { readonly fault: string } {
  const start = token.search(/["']/);
  const prefix = token.slice(0, start).toLowerCase();
  const ends = /^(?:"""|''')/.test(token.slice(start)) ? 3 : 1;
  const inside = token.slice(start + ends, -ends).replaceAll(/\r\n?/g, '\n');
  const isBytes = prefix.includes('b');
  if (prefix.includes('r')) return { value: isBytes ? Buffer.from(inside) : inside };
  return isBytes ? bytesOf(inside) : textOf(inside);
}

const codes = /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7][0-7])|(.))/gs;

function textOf(inside: string): ReturnType<typeof unquoted> {
  let isValid = true;
  const value = inside.replace(codes, (_, x?: string, u?: string, long?: string, octal?: string, char?: string) => {
    if (char !== undefined) return escapes[char] ?? char;
    const code = octal === undefined ? parseInt((x ?? u ?? long)!, 16) : parseInt(octal, 8);
    isValid &&= code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isValid ? String.fromCodePoint(code) : '';
  });
  return isValid ? { value } : { fault: 'invalid unicode code point' };
}

function bytesOf(inside: string): ReturnType<typeof unquoted> {
  if (/(?:^|[^\\])(?:\\\\)*\\[uU]/.test(inside)) return { fault: 'unable to unescape string' };
  const parts: Buffer[] = [];
  let last = 0;
  for (const { 0: whole, 1: x, 4: octal, 5: char, index } of inside.matchAll(codes)) {
    parts.push(Buffer.from(inside.slice(last, index)));
    parts.push(char === undefined ? Buffer.from([octal === undefined ? parseInt(x!, 16) : parseInt(octal, 8)]) : Buffer.from(escapes[char] ?? char));
    last = index + whole.length;
  }
  return { value: Buffer.concat([...parts, Buffer.from(inside.slice(last))]) };
}

/** A number, or a message when it is too large. */
export function numberOf(text: string): { readonly value: bigint | number | Uint } | { readonly fault: string } {
  const isUnsigned = /u$/i.test(text);
  if (!isUnsigned && !/^-?0x/i.test(text) && /[.e]/i.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { value } : { fault: 'invalid double literal' };
  }
  const digits = text.replace(/^-|u$/gi, '');
  const value = text.startsWith('-') ? -BigInt(digits) : BigInt(digits);
  const [least, most] = isUnsigned ? [0n, 2n ** 64n] : [-(2n ** 63n), 2n ** 63n];
  if (value < least || value >= most) return { fault: `invalid ${isUnsigned ? 'uint' : 'int'} literal` };
  return { value: isUnsigned ? new Uint(value) : value };
}
