/** Backslash escapes: those of echo -e, of printf and of $'…'. All work on byte strings. */
import { encodeText } from './bytes.ts';

const simple: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };

export interface Escaped {
  readonly text: string;
  /** `\c` was met: nothing more is to be printed. */
  readonly stopped: boolean;
}

/** Escapes of `echo -e` and `printf %b` (`\0101`), or of a printf format (`\101`). */
export function echoEscapes(text: string, octalNeedsZero: boolean): Escaped {
  if (!text.includes('\\')) return { text, stopped: false };
  let result = '';
  const pattern = octalNeedsZero ? /\\(0[0-7]{0,3}|[1-7][0-7]{0,2}|x[0-9a-fA-F]{1,2}|[\s\S])|([\s\S])/g : /\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])|([\s\S])/g;
  for (const [, escape, char] of text.matchAll(pattern)) {
    if (escape === undefined) result += char;
    else if (escape === 'c') return { text: result, stopped: true };
    else result += one(escape) ?? `\\${escape}`;
  }
  return { text: result, stopped: false };
}

/** Escapes inside of `$'…'`. */
export function ansiEscapes(text: string): string {
  return text.replace(/\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[\s\S])/g, (whole, escape: string) => {
    if (escape === "'" || escape === '"') return escape;
    if (escape.length > 1 && escape.startsWith('u')) return encodeText(String.fromCodePoint(Number.parseInt(escape.slice(1), 16)));
    return one(escape) ?? whole;
  }).replaceAll('\0', '');
}

function one(escape: string): string | undefined {
  if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 255);
  if (/^x./.test(escape)) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return simple[escape];
}
