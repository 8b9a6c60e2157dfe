/**
 * Empty lists and maps that were sent. Go's decoder tells them from none at all (nil); objects here leave out both, as Go's
 * encoder does. What was empty is noted beside the object that left it out, for the few texts and rules that show the
 * difference. It is forgotten where Go forgets it too: in the store.
 */
import { isObject } from '../../lib/json.ts';

const emptied = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** Notes the members that `object` left out, with their empty values. */
export function noteEmptied(object: object, members: Readonly<Record<string, unknown>>): void {
  emptied.set(object, members);
}

/** The object is stored now. */
export function forgetEmptied(object: object): void {
  emptied.delete(object);
}

/** A shallow copy that may be changed, with what was noted of the object. */
export const copyAsSent = <T extends object>(object: T): T => asSentLike(object, { ...object });

/** `copy`, with what was noted of the object that it was made of. */
export function asSentLike<T extends object>(object: object, copy: T): T {
  const members = emptied.get(object);
  if (members) emptied.set(copy, members);
  return copy;
}

/** A list or map as Go has it after decoding: empty when it was sent so, null when there is none. */
export function asSent<T extends object>(object: T | undefined, member: string & keyof T): unknown {
  return object && (object[member] ?? emptied.get(object)?.[member] ?? null);
}

/** Whether an empty list or map was sent anywhere within a value, and no default has filled it since. */
export function holdsEmptied(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsEmptied);
  if (!isObject(value)) return false;
  const members = Object.keys(emptied.get(value) ?? {});
  return members.some((member) => value[member] === undefined) || Object.values(value).some(holdsEmptied);
}

/** The same for the items of lists only. */
export function listHoldsEmptied(value: unknown): boolean {
  return Array.isArray(value) ? holdsEmptied(value) : isObject(value) && Object.values(value).some(listHoldsEmptied);
}
