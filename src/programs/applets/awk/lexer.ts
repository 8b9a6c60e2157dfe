/** Tokens of awk. */
import { echoEscapes } from '../../escapes.ts';
import { AwkFault } from './ast.ts';

export interface Token {
  readonly type: 'number' | 'string' | 'regex' | 'name' | 'call' | 'keyword' | 'operator' | 'newline' | 'end';
  readonly text: string;
}

const keywords: ReadonlySet<string> = new Set([
  'BEGIN', 'END', 'function', 'func', 'if', 'else', 'while', 'for', 'do', 'break', 'continue', 'next', 'nextfile', 'exit', 'return', 'delete', 'in',
  'getline', 'print', 'printf',
]);
const operatorAt = /\+\+|--|\*\*=|\*\*|&&|\|\||[-+*/%^<>=!]=|>>|[-+*/%^<>=!~?:,;(){}[\]$|]/y;

/** All tokens of a program. Whether `/` divides or begins a regular expression depends on what stands before it. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (type: Token['type'], text: string): number => tokens.push({ type, text });
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (at < source.length) {
    if (match(/(?:[ \t\r]|\\\r?\n|#[^\n]*)+/y) !== undefined) continue;
    const char = source[at]!;
    if (char === '\n') {
      at++;
      push('newline', '\n');
    } else if (char === '"') {
      const [text, end] = quoted(source, at + 1);
      at = end;
      push('string', text);
    } else if (char === '/' && regexMayBegin(tokens.at(-1))) {
      const text = match(/\/(?:\\.|\[\^?\]?[^\]\n]*\]|[^/\\\n])*\//y);
      if (text === undefined) throw new AwkFault('Unexpected end of string');
      push('regex', text.slice(1, -1).replaceAll('\\/', '/'));
    } else if (/[\d.]/.test(char)) {
      const text = match(/0[xX][0-9a-fA-F]+|0[0-7]+(?![.\d])|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y);
      if (text === undefined) throw new AwkFault('Unexpected token');
      push('number', text);
    } else if (/[A-Za-z_]/.test(char)) {
      const name = match(/[A-Za-z_]\w*/y)!;
      push(keywords.has(name) ? 'keyword' : source[at] === '(' ? 'call' : 'name', name);
    } else {
      const operator = match(operatorAt);
      if (operator === undefined) throw new AwkFault('Unexpected token');
      push('operator', operator);
    }
  }
  push('end', '');
  return tokens;
}

function regexMayBegin(before: Token | undefined): boolean {
  if (!before) return true;
  if (before.type === 'operator') return !/^(?:\)|\]|\$|\+\+|--)$/.test(before.text);
  return before.type === 'newline' || before.type === 'keyword';
}

function quoted(source: string, start: number): [text: string, end: number] {
  let text = '';
  for (let at = start; at < source.length; at++) {
    const char = source[at]!;
    if (char === '"') return [text, at + 1];
    if (char === '\n') break;
    if (char !== '\\') text += char;
    else {
      const escape = /^(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|[^])/.exec(source.slice(at + 1, at + 4))?.[0] ?? '';
      // A line that goes on leaves nothing, and what is no escape is what it is without its backslash.
      if (escape !== '\n') text += echoEscapes(`\\${escape}`, false).text.replace(/^\\(?=.)/, '');
      at += escape.length;
    }
  }
  throw new AwkFault('Unexpected end of string');
}
