/** Tokens of the shell language and how ash names them in its messages. */
import { unquoted, type Assignment, type Redirect, type Word } from './ast.ts';

export type Token =
  | { readonly type: 'word'; readonly word: Word; readonly start: number; readonly end: number; readonly line: number }
  | { readonly type: 'operator'; readonly text: string; readonly line: number }
  | { readonly type: 'redirect'; readonly operator: Redirect['operator'] | '<<-' | '<<<'; readonly fd: number; readonly line: number }
  | { readonly type: 'newline' | 'end'; readonly line: number };

export const keywords: ReadonlySet<string> = new Set([
  '!', 'case', 'do', 'done', 'elif', 'else', 'esac', 'fi', 'for', 'function', 'if', 'in', 'then', 'until', 'while', '{', '}',
]);

/** Keywords that end a block of commands. */
export const closers: ReadonlySet<string> = new Set(['do', 'done', 'elif', 'else', 'esac', 'fi', 'then', '}']);

export const validName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const assigned = /^([A-Za-z_][A-Za-z0-9_]*)(\+?)=/;

/** The keyword that a token is where a command may begin. */
export function keyword(token: Token): string | undefined {
  const text = token.type === 'word' ? unquoted(token.word) : undefined;
  return text !== undefined && keywords.has(text) ? text : undefined;
}

/** As ash writes it after `unexpected`. */
export function tokenName(token: Token): string {
  switch (token.type) {
    case 'end': return 'end of file';
    case 'newline': return 'newline';
    case 'redirect': return 'redirection';
    case 'operator': return `"${token.text}"`;
    default: {
      const name = keyword(token);
      return name === undefined ? 'word' : `"${name}"`;
    }
  }
}

/** `name=value` before a command; undefined when the word is something else. */
export function asAssignment(word: Word): Assignment | undefined {
  const [first, ...rest] = word.parts;
  if (first?.type !== 'text' || first.quoted) return undefined;
  const match = assigned.exec(first.text);
  if (!match) return undefined;
  const value = first.text.slice(match[0].length);
  const parts = value === '' ? rest : [{ ...first, text: value }, ...rest];
  return { name: match[1]!, append: match[2] === '+', value: { parts } };
}

