/**
 * JSONPath in the dialect of kubectl and of printer columns: `.a.b`, `['a.b']`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `..a`,
 * unions and filters such as `[?(@.type=="Ready")]`. Missing members find nothing and are no error. Templates (text
 * around `{…}`, `range`) are not read.
 */

/** The text is not a path. */
export class JsonPathError extends Error {}

/** Finds the values that a path leads to, in order. */
export type JsonPath = (root: unknown) => unknown[];

type Step = (values: unknown[], root: unknown) => unknown[];

/** Reads a path. A leading `$` and braces around all of it are optional. Throws `JsonPathError`. */
export function parseJsonPath(text: string): JsonPath {
  const bare = /^\{(.*)\}$/s.exec(text)?.[1] ?? text;
  const steps = new PathReader(bare.replace(/^\$/, ''), text).read();
  return (root) => steps.reduce((values, step) => step(values, root), [root]);
}

class PathReader {
  readonly #text: string;
  readonly #whole: string;
  #at = 0;

  constructor(text: string, whole: string) {
    this.#text = text;
    this.#whole = whole;
  }

  read(): Step[] {
    const steps: Step[] = [];
    while (this.#at < this.#text.length) steps.push(this.#step());
    return steps;
  }

  #step(): Step {
    if (this.#accept('..')) {
      if (this.#text[this.#at] === '[') return descendants;
      const name = this.#name();
      return (values) => descendants(values).flatMap((value) => member(value, name));
    }
    if (this.#text[this.#at] === '[') return this.#brackets();
    if (this.#accept('.') && (this.#at === this.#text.length || this.#text[this.#at] === '[')) return (values) => values;
    if (this.#accept('*')) return (values) => values.flatMap(children);
    const name = this.#name();
    return (values) => values.flatMap((value) => member(value, name));
  }

  /** A member's name, up to the next `.` or `[`; a backslash takes the next character as it is. */
  #name(): string {
    const match = /^(?:\\.|[^.[\]\\\s])+/s.exec(this.#text.slice(this.#at));
    if (!match) throw this.#error();
    this.#at += match[0].length;
    return match[0].replace(/\\(.)/gs, '$1');
  }

  #brackets(): Step {
    const end = closingBracket(this.#text, this.#at);
    if (end < 0) throw this.#error();
    const inside = this.#text.slice(this.#at + 1, end).trim();
    this.#at = end + 1;
    if (inside.startsWith('?(') && inside.endsWith(')')) {
      const test = parseFilter(inside.slice(2, -1));
      return (values, root) => values.flatMap((value) => children(value).filter((item) => test(item, root)));
    }
    const parts = splitOutsideQuotes(inside, ',').map((part) => this.#selector(part.trim()));
    return (values) => values.flatMap((value) => parts.flatMap((part) => part(value)));
  }

  #selector(text: string): (value: unknown) => unknown[] {
    if (text === '*') return children;
    const quoted = unquote(text);
    if (quoted !== undefined) return (value) => member(value, quoted);
    if (/^-?\d+$/.test(text)) return (value) => element(value, Number(text));
    const slice = /^(-?\d*):(-?\d*)(?::(-?\d*))?$/.exec(text);
    if (!slice) throw this.#error();
    const [from, to, step] = slice.slice(1).map((part) => (part ? Number(part) : undefined));
    return (value) => (Array.isArray(value) ? value.slice(from, to).filter((_, i) => i % (step || 1) === 0) : []);
  }

  #accept(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #error(): JsonPathError {
    return new JsonPathError(`unrecognized path ${JSON.stringify(this.#whole)} at ${JSON.stringify(this.#text.slice(this.#at))}`);
  }
}

/** `left op right`, or a path that must find something. Operands are paths from `@` or `$`, or literals. */
function parseFilter(text: string): (item: unknown, root: unknown) => boolean {
  const comparison = /^(.*?)(==|!=|<=|>=|<|>)(.*)$/s.exec(text);
  if (!comparison) {
    const path = operand(text);
    return (item, root) => path(item, root).length > 0;
  }
  const [, leftText = '', operator = '', rightText = ''] = comparison;
  const left = operand(leftText);
  const right = operand(rightText);
  return (item, root) => {
    const a = left(item, root);
    const b = right(item, root);
    return a.length > 0 && b.length > 0 && compare(a[0], operator, b[0]);
  };
}

function operand(text: string): (item: unknown, root: unknown) => unknown[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) {
    const path = parseJsonPath(trimmed.slice(1));
    return (item) => path(item);
  }
  if (trimmed.startsWith('$')) {
    const path = parseJsonPath(trimmed);
    return (_, root) => path(root);
  }
  const literal = unquote(trimmed) ?? literalOf(trimmed);
  return () => [literal];
}

function literalOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === '' || Number.isNaN(Number(text))) throw new JsonPathError(`unrecognized literal ${JSON.stringify(text)}`);
  return Number(text);
}

function compare(a: unknown, operator: string, b: unknown): boolean {
  if (operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  const comparable = (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  switch (operator) {
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    default: return a >= b;
  }
}

function member(value: unknown, name: string): unknown[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, name)) return [];
  return [(value as Record<string, unknown>)[name]];
}

function element(value: unknown, index: number): unknown[] {
  if (!Array.isArray(value)) return [];
  const at = index < 0 ? value.length + index : index;
  return at in value ? [value[at]] : [];
}

function children(value: unknown): unknown[] {
  return value !== null && typeof value === 'object' ? Object.values(value) : [];
}

function descendants(values: unknown[]): unknown[] {
  return values.flatMap((value) => [value, ...descendants(children(value))]);
}

function closingBracket(text: string, open: number): number {
  let quote = '';
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return i;
  }
  return -1;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  return text.match(new RegExp(`(?:"(?:\\\\.|[^"])*"|'(?:\\\\.|[^'])*'|[^${separator}])+`, 'gs')) ?? [''];
}

function unquote(text: string): string | undefined {
  const match = /^(["'])(.*)\1$/s.exec(text);
  return match ? match[2]!.replace(/\\(.)/gs, '$1') : undefined;
}
