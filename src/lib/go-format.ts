/** How Go prints values, where Kubernetes' texts show it. */

/** Text that is printed as it is. */
export class RawValue {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `%q` of a string: Go's double-quoted literal. */
export function quote(text: string): string {
  let result = '"';
  for (const char of text) result += quotedChar(char);
  return `${result}"`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t',
  '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\v': '\\v',
};

function quotedChar(char: string): string {
  const short = shortEscapes[char];
  if (short) return short;
  const code = char.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code >= 0x80 && !/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) {
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return char;
}

/** A value as `field.Error` prints it: strings quoted, numbers and booleans plain, nil as null, the rest as JSON. */
export function goString(value: unknown): string {
  if (value instanceof RawValue) return value.text;
  if (typeof value === 'string') return quote(value);
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return goJson(value);
}

/** JSON as Go writes it: `<`, `>`, `&` and the line separators escaped. */
export function goJson(value: unknown): string {
  return escapeHtml(JSON.stringify(value));
}

/** The escapes that Go's JSON encoder adds. The letters occur inside strings only. */
export function escapeHtml(json: string): string {
  return /[<>&\u2028\u2029]/.test(json)
    ? json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}
