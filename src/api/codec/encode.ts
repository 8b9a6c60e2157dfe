/** Objects as the bytes that the server answers with. */
import { escapeHtml, goJson } from '../../lib/go-format.ts';

/**
 * JSON as Go's encoder writes it: `<`, `>`, `&` and the line separators escaped. Compact JSON ends with a newline; `pretty`
 * JSON is indented by two and does not. Members keep their order: the schema's for built-in kinds, `sortKeys` for the rest.
 */
export function encodeJson(value: unknown, pretty = false): string {
  return pretty ? escapeHtml(JSON.stringify(value, undefined, 2)) : `${goJson(value)}\n`;
}
