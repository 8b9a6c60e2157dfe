/** How values are matched with their model, shared by all walks over typed values (structured-merge-diff typed/helpers.go). */
import { isObject } from '../../lib/json.ts';
import { jsonText } from './path-element.ts';
import type { ListModel, MapModel, TypeModel } from './type-model.ts';

/** A value that apply cannot work with. Messages are upstream's; `path` is printed before them. */
export class TypedValueError extends Error {}

export type Kind = 'scalar' | 'list' | 'map';

/** Which of the model's kinds a value is treated as: its own if the model has it, else the model's first. */
export function kindOf(model: TypeModel, value: unknown): Kind {
  if (value !== null && value !== undefined) {
    if (typeof value !== 'object') {
      if (model.scalar !== undefined) return 'scalar';
    } else if (Array.isArray(value)) {
      if (model.list !== undefined) return 'list';
    } else if (model.map !== undefined) {
      return 'map';
    }
  }
  return model.map !== undefined ? 'map' : model.scalar !== undefined ? 'scalar' : 'list';
}

/** A map's members; undefined for null and for what is no map. */
export const asMap = (value: unknown): Readonly<Record<string, unknown>> | undefined => (isObject(value) ? value : undefined);
export const asList = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** Whether two values of a map are compared in one piece: it is atomic, or neither holds anything. */
export function isWholeMap(map: MapModel, left: object | undefined, right: object | undefined): boolean {
  return map.atomic || ((left === undefined || isEmptyObject(left)) && (right === undefined || isEmptyObject(right)));
}

export function isEmptyObject(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

/** The model of a member; undefined when it is not declared and may not be there. */
export const memberModel = (map: MapModel, name: string): TypeModel | undefined => map.byName.get(name)?.type ?? map.values;

/** The path element of a list item. Throws TypedValueError when the item cannot be told from others. */
export function itemElement(list: ListModel, item: unknown): string {
  if (list.kind === 'set') return setElement(item);
  if (item === null || item === undefined) throw new TypedValueError('associative list with keys may not have a null element');
  if (!isObject(item)) throw new TypedValueError('associative list with keys may not have non-map elements');
  let fields = '';
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key.name) ? item[key.name] : key.default;
    if (value !== undefined) fields += `${fields === '' ? '' : ','}"${key.name}":${jsonText(value)}`;
  }
  if (fields === '') {
    const names = list.keys.map((key) => JSON.stringify(key.name)).join(' ');
    throw new TypedValueError(`associative list with keys has an element that omits all key fields [${names}] `
      + "(and doesn't have default values for any key fields)");
  }
  return `k:{${fields}}`;
}

function setElement(item: unknown): string {
  if (item === null || item === undefined) throw new TypedValueError("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new TypedValueError('not supported: associative list with lists as elements');
  if (isObject(item)) throw new TypedValueError("associative list without keys has an element that's a map type");
  return `v:${jsonText(item)}`;
}

/** A list's items by their path element, in order of first occurrence. */
export function itemsByElement(list: ListModel, items: readonly unknown[] | undefined): Map<string, unknown[]> {
  const result = new Map<string, unknown[]>();
  for (let i = 0; i < (items?.length ?? 0); i++) {
    const element = elementAt(list, items![i], i);
    const same = result.get(element);
    if (same) same.push(items![i]);
    else result.set(element, [items![i]]);
  }
  return result;
}

export function elementAt(list: ListModel, item: unknown, index: number): string {
  try {
    return itemElement(list, item);
  } catch (error) {
    if (error instanceof TypedValueError) throw new TypedValueError(`element ${index}: ${error.message}`);
    throw error;
  }
}
