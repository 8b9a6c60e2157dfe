/** Free-form JSON: `interface{}` in Go, the content of custom resources and of raw extensions. */
import { isObject } from '../../lib/json.ts';
import { NumberText, Repeated, setOwn } from './json-tree.ts';
import type { Reading } from './reading.ts';

/** A tree as a plain JSON value: itself where it is plain, or `like` when it is that. The last value of a repeated member counts. */
export function readUntyped(value: unknown, reading: Reading, like?: unknown): unknown {
  if (typeof value !== 'object' || value === null || value === like || reading.plain) return value;
  if (value instanceof NumberText) return finite(value.text, reading);
  if (Array.isArray(value)) {
    const items = value.map((item) => readUntyped(item, reading));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  const object = value as Record<string, unknown>;
  let result: Record<string, unknown> | undefined;
  for (const key in object) {
    reading.members++;
    const member = object[key];
    const read = readUntyped(member instanceof Repeated ? member.last : member, reading);
    if (read !== member) result ??= { ...object };
    if (result) setOwn(result, key, read);
  }
  return result ?? object;
}

/** Go refuses what no float64 can hold. */
function finite(text: string, reading: Reading): number {
  const value = Number(text);
  if (!Number.isFinite(value)) reading.note(`json: cannot unmarshal number ${text} into Go value of type float64`);
  return value;
}

/** The same for custom resources, where repeated members are strict errors with a place. */
export function readUnstructured(value: unknown, reading: Reading): unknown {
  if (Array.isArray(value)) return value.map((item, i) => at(reading, i, item));
  if (!isObject(value) || value instanceof NumberText) return readUntyped(value, reading);
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    reading.members++;
    if (member instanceof Repeated) reading.strictError('duplicate field', key);
    setOwn(result, key, at(reading, key, member instanceof Repeated ? member.last : member));
  }
  return result;
}

function at(reading: Reading, step: string | number, value: unknown): unknown {
  reading.path.push(step);
  const result = readUnstructured(value, reading);
  reading.path.pop();
  return result;
}
