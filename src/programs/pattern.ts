/** Shell patterns (`*`, `?`, `[…]`) as regular expressions. A backslash in a pattern makes the next character plain. */

export const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: ' \\t\\n\\r\\f\\v', blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~', print: ' -~', graph: '!-~', cntrl: '\\x00-\\x1f\\x7f', xdigit: '0-9A-Fa-f',
};

const cache = new Map<string, RegExp>();
const cacheMax = 500;

/** Characters of a text as a pattern that matches just them. */
export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\!^-]/g, '\\$&');
}

export function hasWildcard(pattern: string): boolean {
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '*' || pattern[i] === '?') return true;
    // The name of `test` is no wildcard.
    else if (pattern[i] === '[' && pattern.includes(']', i + 1)) return true;
  }
  return false;
}

export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1');
}

/** Source of a regular expression, without anchors. `lazy` makes stars match as little as possible. */
export function patternSource(pattern: string, lazy = false): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === '\\' && i + 1 < pattern.length) source += escapeRegExp(pattern[++i]!);
    else if (char === '*') source += lazy ? '[\\s\\S]*?' : '[\\s\\S]*';
    else if (char === '?') source += '[\\s\\S]';
    else if (char === '[') {
      const bracket = bracketAt(pattern, i);
      source += bracket?.source ?? '\\[';
      if (bracket) i = bracket.end;
    } else source += escapeRegExp(char);
  }
  return source;
}

/** A regular expression for the whole of a text. */
export function patternRegExp(pattern: string): RegExp {
  let compiled = cache.get(pattern);
  if (!compiled) {
    compiled = new RegExp(`^${patternSource(pattern)}$`);
    if (cache.size >= cacheMax) cache.clear();
    cache.set(pattern, compiled);
  }
  return compiled;
}

export function matches(pattern: string, text: string): boolean {
  return patternRegExp(pattern).test(text);
}

export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** `[…]` that starts at `start`, as a regular expression and the index of its end. */
function bracketAt(pattern: string, start: number): { source: string; end: number } | undefined {
  let at = start + 1;
  let body = '';
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at++;
  for (let first = true; at < pattern.length; first = false) {
    const char = pattern[at]!;
    if (char === ']' && !first) return { source: body === '' ? '(?!)' : `[${negated ? '^' : ''}${body}]`, end: at };
    const name = char === '[' ? /^\[:(\w+):\]/.exec(pattern.slice(at)) : undefined;
    if (name && classes[name[1]!] !== undefined) {
      body += classes[name[1]!];
      at += name[0].length;
    } else if (char === '-' && !first && pattern[at + 1] !== ']' && pattern[at + 1] !== undefined) {
      body += '-';
      at++;
    } else {
      const plain = char === '\\' ? pattern[++at] ?? '\\' : char;
      body += escapeRegExp(plain);
      at++;
    }
  }
  return undefined;
}
