/** The vocabulary of printers: what a cell may hold, and how ages, labels and lists of containers look in one. */
import { humanDuration } from '../../schema/values/duration.ts';
import { microTimeToMs, timeToMs } from '../../schema/values/time.ts';
import type { Container } from '../../schema/core/v1.ts';

export type Cell = string | number | boolean | null;

/** An object of which any member may be missing, as bookmarks are. */
export type Loose<T> =
  T extends readonly (infer Item)[] ? readonly Loose<Item>[]
    : T extends object ? { readonly [Member in keyof T]?: Loose<T[Member]> | null }
      : T;

/** Makes the cells of one object's row. `now` is in milliseconds. */
export type Printer = (object: object, now: number) => Cell[];

/** Printers by `group/Kind`. */
export type Printers = Readonly<Record<string, Printer>>;

/** Types a printer by the kind that it prints. */
export function printer<T>(cells: (object: Loose<T>, now: number) => Cell[]): Printer {
  return (object, now) => cells(object as Loose<T>, now);
}

type Meta = { readonly metadata?: { readonly name?: string | null; readonly creationTimestamp?: string | null } | null };

export const nameOf = (object: Meta): string => object.metadata?.name ?? '';

/** The age of an object. */
export const ageOf = (object: Meta, now: number): string => age(object.metadata?.creationTimestamp, now);

/** Time passed since `time` (a Time or MicroTime text). */
export function age(time: string | null | undefined, now: number): string {
  if (!time) return '<unknown>';
  return humanDuration((now - (time.includes('.') ? microTimeToMs(time) : timeToMs(time))) / 1000);
}

export const orNone = (text: string | null | undefined): string => text || '<none>';
export const orUnset = (text: string | null | undefined): string => text ?? '<unset>';

/** `a=1,b=2`, sorted. */
export function labelsText(labels: Readonly<Record<string, string | null | undefined>> | null | undefined): string {
  return orNone(Object.keys(labels ?? {}).sort().map((key) => `${key}=${labels![key]}`).join(','));
}

/** The cells of names and of images of a template's containers. */
export function containerCells(spec: { readonly containers?: readonly Loose<Container>[] | null } | null | undefined): [names: string, images: string] {
  const containers = spec?.containers ?? [];
  return [containers.map(({ name }) => name ?? '').join(','), containers.map(({ image }) => image ?? '').join(',')];
}

/** The first three of a list, and how many more there are. */
export function firstThree(items: readonly string[], total = items.length): string {
  const text = items.slice(0, 3).join(',');
  return total > 3 ? `${text} + ${total - 3} more...` : text;
}

export function countMembers(object: object | null | undefined): number {
  return Object.keys(object ?? {}).length;
}

/** The status of the first condition of a type. */
export function conditionStatus(conditions: readonly { readonly type?: string | null; readonly status?: string | null }[] | null | undefined, type: string): string | undefined {
  return conditions?.find((condition) => condition.type === type)?.status ?? undefined;
}

/** Unique texts in order of their characters. */
export function sortedSet(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
