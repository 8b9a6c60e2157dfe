/** Regular expressions, which are Go's (regexp/syntax). */
import { regExp } from '../crd/schema-validation.ts';
import { fail } from './arguments.ts';

/** Would Go read it? It knows no looking around and no reference to what was found. */
export function isPattern(text: string): boolean {
  return faultOf(text) === undefined;
}

/** Throws EvaluationError, in Go's words where they are known. */
export function compiledPattern(text: string): RegExp {
  const fault = faultOf(text);
  return fault === undefined ? regExp(text) : fail(`error parsing regexp: ${fault}`);
}

function faultOf(text: string): string | undefined {
  const odd = /(?:^|[^\\])(?:\\\\)*(\(\?(?:<?[=!]|>|#)|\\[1-9]|\\[cehuRXKGgk](?![{]))/.exec(text)?.[1];
  if (odd?.startsWith('(')) return `invalid or unsupported Perl syntax: \`${odd.slice(0, odd.startsWith('(?<') ? 4 : 3)}\``;
  if (odd) return `invalid escape sequence: \`${odd}\``;
  return bracketFault(text) ?? repetitionFault(text) ?? otherFault(text);
}

function bracketFault(text: string): string | undefined {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') {
      if (i === text.length - 1) return 'trailing backslash at end of expression: ``';
      i++;
    } else if (text[i] === '[') {
      const end = /^\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]/.exec(text.slice(i));
      if (!end) return `missing closing ]: \`${text.slice(i)}\``;
      i += end[0].length - 1;
    } else if (text[i] === '(') open++;
    else if (text[i] === ')' && --open < 0) return `unexpected ): \`${text}\``;
  }
  return open > 0 ? `missing closing ): \`${text}\`` : undefined;
}

function repetitionFault(text: string): string | undefined {
  const alone = /(?:^|[^\\](?:\\\\)*[(|]|^[(|])([*+?])/.exec(text.replace(/\(\?[a-zA-Z:<-]/g, '(a'));
  if (alone) return `missing argument to repetition operator: \`${alone[1]!}\``;
  const twice = /(?:^|[^\\])(?:\\\\)*([*+?]\??[*+]|[*+?]\?\?)/.exec(text.replace(/\[[^\]]*\]/g, 'a'));
  return twice ? `invalid nested repetition operator: \`${twice[1]!}\`` : undefined;
}

function otherFault(text: string): string | undefined {
  try {
    regExp(text);
    return undefined;
  } catch {
    return `invalid character class range: \`${text}\``;
  }
}
