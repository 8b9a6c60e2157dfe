/** Why a path is no JSONPath of kubectl's kind (client-go/util/jsonpath/parser.go). What is in filters is not looked into. */

const terminator = /[\s.,[\]$@{}]/;

/** Undefined for one that can be read. */
export function jsonPathFault(path: string): string | undefined {
  const text = `{${path}}`;
  for (let open = 0; open >= 0;) {
    const end = endOfAction(text, open + 1);
    if (typeof end === 'string') return end;
    open = text.indexOf('{', end);
  }
  return undefined;
}

/** Where what stands in braces ends, or why it does not. */
function endOfAction(text: string, start: number): number | string {
  let at = start;
  let wasRecursive = false;
  for (;;) {
    if (text[at] === '}') return at + 1;
    if (text.startsWith('[?(', at)) return text.length;
    const isRecursive = text.startsWith('..', at);
    if (isRecursive && wasRecursive) return 'invalid multiple recursive descent';
    const next = isRecursive ? at + 2 : endOfPart(text, at);
    if (typeof next === 'string') return next;
    wasRecursive = isRecursive && !/[\p{L}\p{Nd}_]/u.test(text[next] ?? '');
    at = isRecursive && !wasRecursive ? endOfName(text, next) : next;
  }
}

/** The end of a field, an index, a number or a text. */
function endOfPart(text: string, at: number): number | string {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0x0a);
  switch (char) {
    case '\n': case '\r': return 'unclosed action';
    case ' ': case '@': case '$': return at + 1;
    case '.': return endOfName(text, at + 1);
    case '[': return endOfIndex(text, at);
    case '"': case "'": {
      const [quoted] = new RegExp(`^${char}(?:[^\\\\\\n${char}]|\\\\.)*${char}`).exec(text.slice(at)) ?? [];
      return quoted === undefined ? 'unterminated quoted string' : at + quoted.length;
    }
    default:
  }
  if (/[-+\p{Nd}]/u.test(char)) {
    const [number] = /^[-+]?[\d.]*/.exec(text.slice(at))!;
    return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(number) ? at + number.length : `cannot parse number ${number}`;
  }
  if (/[\p{L}_]/u.test(char)) return endOfName(text, at);
  return `unrecognized character in action: U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${char}'`;
}

function endOfName(text: string, start: number): number {
  let at = start;
  while (at < text.length && !terminator.test(text[at]!)) at += text[at] === '\\' ? 2 : 1;
  return at;
}

function endOfIndex(text: string, at: number): number | string {
  const [index] = /^\[[^\]\n]*\]/.exec(text.slice(at)) ?? [];
  if (index === undefined) return 'unterminated array';
  for (const part of index.slice(1, -1).split(',')) {
    const one = part.trim();
    if (one === '*' || /^'[^']*'$/.test(one)) continue;
    const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(one);
    if (!slice) return `invalid array index ${one}`;
    if (slice.slice(1).some((number) => number === '-' || number === ':-')) return 'array index - is not a number';
  }
  return at + index.length;
}
