/** Words that Go's decoders use when a text does not parse. */

/** How Go's time package quotes what it could not read: control characters and non-ASCII bytes as `\x…`. */
export function quoteBytes(text: string): string {
  let result = '"';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= 0x80 || code < 0x20) {
      for (const byte of new TextEncoder().encode(char)) result += `\\x${byte.toString(16).padStart(2, '0')}`;
    } else {
      result += char === '"' || char === '\\' ? `\\${char}` : char;
    }
  }
  return `${result}"`;
}

/** The complaint of Go's JSON decoder when a string was expected. `value` is what stood there instead. */
export function notAString(value: unknown): string {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type string`;
}
