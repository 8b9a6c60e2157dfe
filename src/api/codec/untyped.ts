/** Free-form JSON: `interface{}` in Go, the content of custom resources and of raw extensions. */
import { isObject } from '../../lib/json.ts';
import { NumberText, Repeated, setOwn } from './json-tree.ts';
import type { Reading } from './reading.ts';

/** A tree as a plain JSON value. The last value of a repeated member counts. */
export function readUntyped(value: unknown, reading: Reading): unknown {
  return copyUntyped(value, reading, false);
}

/** The same for custom resources, where repeated members are strict errors. */
export function readUnstructured(value: unknown, reading: Reading): unknown {
  return copyUntyped(value, reading, true);
}

function copyUntyped(value: unknown, reading: Reading, reports: boolean): unknown {
  if (value instanceof NumberText) return Number(value.text);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      reading.path.push(i);
      items.push(copyUntyped(value[i], reading, reports));
      reading.path.pop();
    }
    return items;
  }
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    reading.members++;
    if (reports && member instanceof Repeated) reading.strictError('duplicate field', key);
    reading.path.push(key);
    setOwn(result, key, copyUntyped(member instanceof Repeated ? member.last : member, reading, reports));
    reading.path.pop();
  }
  return result;
}
