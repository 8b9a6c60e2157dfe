/**
 * How Go's `%v` prints decoded JSON: `map[a:1 b:[x y]]`, members sorted, strings bare. Strategic merge errors quote
 * patches this way.
 */
import { isObject } from '../../lib/json.ts';
import { quote } from '../../lib/go-format.ts';

export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return printNumber(value);
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (!isObject(value)) return String(value);
  return `map[${Object.keys(value).sort().map((name) => `${name}:${goPrint(value[name])}`).join(' ')}]`;
}

/** `%v` of an int64 or float64: an exponent has at least two digits and starts at 1e-05. */
function printNumber(value: number): string {
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

const int64Limit = 2 ** 63;

/** Go's type of a decoded JSON value (an integer beyond 64 bits is a float there), as `%s` of `reflect.TypeOf` prints it. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) <= int64Limit ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}

/** `%#v` of a decoded JSON value: Go syntax, members sorted. */
export function goSyntax(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isObject(value)) return value === null || value === undefined ? 'interface {}(nil)' : goPrint(value);
  return `map[string]interface {}{${Object.keys(value).sort().map((name) => `${quote(name)}:${goSyntax(value[name])}`).join(', ')}}`;
}
