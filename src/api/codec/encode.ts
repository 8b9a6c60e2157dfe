/** Objects as the bytes that the server answers with. */
import { isObject } from '../../lib/json.ts';
import { escapeHtml, goJson } from '../../lib/go-format.ts';

/**
 * JSON as Go's encoder writes it: `<`, `>`, `&` and the line separators escaped. Compact JSON ends with a newline; `pretty`
 * JSON is indented by two and does not. Members keep their order: the schema's for built-in kinds, `sortKeys` for the rest.
 */
export function encodeJson(value: unknown, pretty = false): string {
  return pretty ? escapeHtml(JSON.stringify(value, undefined, 2)) : `${goJson(value)}\n`;
}

/** The value with the members of every object sorted, as custom resources are printed. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const sorted = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value).sort()) sorted[key] = sortKeys(value[key]);
  return sorted;
}
