/** Scalars in YAML: which style go-yaml picks for a text, and how it folds long lines (emitterc.go). */
import { isTimestamp, resolveScalar } from './yaml-scalar.ts';

const columnMax = 80;
const base60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;

/** A scalar that starts at `column`; further lines start at `indent`. Keys (`inKey`) stay on one line. */
export function writeScalar(value: unknown, column: number, indent: number, inKey: boolean): string {
  if (typeof value === 'number') return printNumber(value);
  if (typeof value !== 'string') return String(value);
  const style = styleOf(value, inKey);
  if (style === 'literal') return literal(value, indent);
  if (style === 'double') return `"${doubleQuoted(value, column + 1, indent, inKey)}"`;
  const text = style === 'single' ? value.replaceAll("'", "''") : value;
  if (inKey || column + value.length <= columnMax) return style === 'single' ? `'${text}'` : text;
  return style === 'single' ? `'${folded(text, column + 1, indent, true)}'` : folded(text, column, indent, false);
}

type Style = 'plain' | 'single' | 'double' | 'literal';

function styleOf(text: string, inKey: boolean): Style {
  if (/[^\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ud800-\udfff\ue000-\ufefe\uff00-\ufffd]/.test(text)) return 'double';
  if (text.includes('\n')) return inKey || / (?:\n|$)/.test(text) ? 'double' : 'literal';
  if (resolveScalar(text) !== text || isTimestamp(text) || text === '<<' || base60.test(text)) return 'double';
  return isPlain(text) ? 'plain' : 'single';
}

/** Whether nothing in a one-line text means something else in a block. */
function isPlain(text: string): boolean {
  return !/^[ #,[\]{}&*!|>'"%@`]|^[?:-](?: |$)|^---|^\.\.\.|:(?: |$)| #| $/.test(text);
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}

/** Breaks lines at single spaces after the last column. Quoted text is not broken at its ends. */
function folded(text: string, column: number, indent: number, quoted: boolean): string {
  let result = '';
  let at = column;
  let afterSpace = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const breaks = char === ' ' && !afterSpace && at > columnMax && text[i + 1] !== ' ' && (!quoted || (i > 0 && i < text.length - 1));
    result += breaks ? `\n${' '.repeat(indent)}` : char;
    at = breaks ? indent : isLowSurrogate(char) ? at : at + 1;
    afterSpace = char === ' ';
  }
  return result;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\0': '\\0', '\u0007': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r', '\u001b': '\\e',
  '"': '\\"', '\\': '\\\\', '\u0085': '\\N', '\u00a0': '\\_', '\u2028': '\\L', '\u2029': '\\P',
};

function doubleQuoted(text: string, column: number, indent: number, inKey: boolean): string {
  let result = '';
  let at = column;
  let afterSpace = false;
  const chars = [...text];
  for (const [i, char] of chars.entries()) {
    if (char === ' ' && !inKey && !afterSpace && at > columnMax && i > 0 && i < chars.length - 1) {
      result += `\n${' '.repeat(indent)}${chars[i + 1] === ' ' ? '\\' : ''}`;
      at = indent;
    } else {
      const piece = escaped(char);
      result += piece;
      at += piece.length;
    }
    afterSpace = char === ' ';
  }
  return result;
}

function escaped(char: string): string {
  const short = char === '\u00a0' ? undefined : shortEscapes[char];
  if (short !== undefined) return short;
  if (/[\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(char)) return char;
  const code = char.codePointAt(0)!.toString(16).toUpperCase();
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}

/** Go's shortest `%g`: with an exponent below 1e-4 and from 1e6 on; integers come as integers. */
const plainExponentMax = 6;
function printNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 64) return BigInt(value).toString();
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  if (Number(exponent) >= -4 && Number(exponent) < plainExponentMax) return String(value);
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

const isLowSurrogate = (char: string): boolean => char >= '\udc00' && char <= '\udfff';
