/**
 * One step of a field path, as FieldsV1 spells it: `f:name` a member, `k:{"name":"a"}` a list item by its keys, `v:"x"` an
 * item of a set, `i:0` an item by its index (structured-merge-diff fieldpath/serialize-pe.go and element.go).
 */
import { goJson, quote } from '../../lib/go-format.ts';

export const fieldElement = (name: string): string => `f:${name}`;

/** Text that JSON writes as it is. */
const plainText = /^[\w ./:@+-]*$/;

/** Go's JSON of a value inside an element. */
export function jsonText(value: unknown): string {
  if (typeof value === 'string' && plainText.test(value)) return `"${value}"`;
  return typeof value === 'number' ? String(value) : goJson(value);
}

const kinds = '.fkvi';

/** Upstream's order: members by name, then keys, values and indices by what they hold. `.` is first. */
export function compareElements(a: string, b: string): number {
  if (a === b) return 0;
  const kind = a[0]!;
  if (kind !== b[0]) return kinds.indexOf(kind) - kinds.indexOf(b[0]!);
  if (kind === 'f') return a < b ? -1 : 1;
  if (kind === 'i') return Number(a.slice(2)) - Number(b.slice(2));
  if (!needsReading.test(a) && !needsReading.test(b)) return a < b ? -1 : 1;
  const left: unknown = JSON.parse(a.slice(2));
  const right: unknown = JSON.parse(b.slice(2));
  return kind === 'k' ? compareFields(left as Fields, right as Fields) : compareValues(left, right);
}

/**
 * Elements whose text may not sort like what it holds: values that are no strings, and strings with characters that sort
 * before the closing quote or are escaped.
 */
const needsReading = /[ !\\]|[^k]:[^"]|^v:[^"]/;

/** Sorts elements in place. */
export function sortElements(elements: string[]): string[] {
  return elements.length > 1 ? elements.sort(compareElements) : elements;
}

type Fields = Readonly<Record<string, unknown>>;

function compareFields(a: Fields, b: Fields): number {
  const left = Object.keys(a).sort();
  const right = Object.keys(b).sort();
  for (let i = 0; i < left.length && i < right.length; i++) {
    if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
    const order = compareValues(a[left[i]!], b[right[i]!]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const ranks = ['number', 'string', 'boolean'];

/** Numbers before strings before booleans before the rest (structured-merge-diff value/value.go). */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === typeof b && (typeof a === 'number' || typeof a === 'string' || typeof a === 'boolean')) {
    return a === b ? 0 : a < (b as typeof a) ? -1 : 1;
  }
  const rank = (value: unknown) => (ranks.includes(typeof value) ? ranks.indexOf(typeof value) : ranks.length);
  return rank(a) - rank(b) || (goJson(a) < goJson(b) ? -1 : 1);
}

/** The element in canonical spelling; undefined when its kind is not known. Throws when it cannot be read. */
export function canonicalElement(element: string): string | undefined {
  if (element.length < 2) throw new Error('key must be 2 characters long:');
  if (element[1] !== ':') throw new Error(`missing colon: ${element}`);
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f': return element;
    case 'v': return `v:${jsonText(JSON.parse(rest))}`;
    case 'k': {
      const fields = JSON.parse(rest) as Fields;
      return `k:{${Object.keys(fields).sort().map((name) => `${jsonText(name)}:${jsonText(fields[name])}`).join(',')}}`;
    }
    case 'i':
      if (!/^[+-]?\d+$/.test(rest)) throw new Error(`bad index: ${rest}`);
      return `i:${Number(rest)}`;
    default: return undefined;
  }
}

/** A path as conflicts print it: `.spec.containers[name="a"].image`. */
export function printPath(path: readonly string[]): string {
  return path.map(printElement).join('');
}

export function printElement(element: string): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f': return `.${rest}`;
    case 'k': return `[${Object.entries(JSON.parse(rest) as Fields).map(([name, value]) => `${name}=${printValue(value)}`).join(',')}]`;
    case 'v': return `[=${printValue(JSON.parse(rest))}]`;
    default: return `[${rest}]`;
  }
}

const printValue = (value: unknown): string => (typeof value === 'string' ? quote(value) : String(value));
