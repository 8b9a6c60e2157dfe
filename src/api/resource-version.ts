/** The one place where store revisions and resource versions meet. */
import { quote } from '../lib/go-format.ts';

export const resourceVersionOf = (revision: number): string => String(revision);

/**
 * The revision that a client's resourceVersion names; 0 when it is empty or "0".
 * Throws the text of upstream's versioner, which callers wrap as their verb does.
 */
export function parseResourceVersion(text: string): number {
  if (text === '' || text === '0') return 0;
  if (!/^\d+$/.test(text)) throw new InvalidResourceVersion(text, 'invalid syntax');
  const value = Number(text);
  if (BigInt(text) > 0xffffffffffffffffn) throw new InvalidResourceVersion(text, 'value out of range');
  return value;
}

export class InvalidResourceVersion extends Error {
  /** Go's own words, without the field. */
  readonly why: string;

  constructor(text: string, why: string) {
    const quoted = quote(text);
    super(`resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: ${why}`);
    this.why = `strconv.ParseUint: parsing ${quoted}: ${why}`;
  }
}
