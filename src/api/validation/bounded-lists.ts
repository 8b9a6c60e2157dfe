/** Lists and maps with a greatest size. One that is too long is not looked into (pkg/apis/resource/validation: validateSlice, validateSet, validateMap). */
import { duplicate, tooMany, type FieldError } from '../field-error.ts';
import { keysOf } from './rules.ts';

type Judge<T> = (item: T, path: string, errors: FieldError[]) => void;

/** `most`: -1 for any number. Answers whether the items were looked at. */
export function validateItems<T>(items: readonly T[] | null | undefined, most: number, judge: Judge<T>, path: string, errors: FieldError[]): boolean {
  const list = items ?? [];
  if (most >= 0 && list.length > most) {
    errors.push(tooMany(path, list.length, most));
    return false;
  }
  list.forEach((item, i) => judge(item, `${path}[${i}]`, errors));
  return true;
}

/** The same, and no two of them have one key. */
export function validateUniqueItems<T>(
  items: readonly T[] | null | undefined, most: number, keyOf: (item: T) => string, judge: Judge<T>, path: string, errors: FieldError[],
): void {
  if (!validateItems(items, most, judge, path, errors)) return;
  const seen = new Set<string>();
  items?.forEach((item, i) => {
    const key = keyOf(item);
    if (seen.has(key)) errors.push(duplicate(`${path}[${i}]`, key));
    seen.add(key);
  });
}

/** Keys and values of a map. Long keys are cut in the middle where they stand in paths. */
export function validateEntries<T>(
  map: Readonly<Record<string, T>> | undefined, most: number, keyBytesMax: number, judgeKey: Judge<string>, judge: Judge<T>, path: string, errors: FieldError[],
): void {
  const keys = keysOf(map);
  if (most >= 0 && keys.length > most) {
    errors.push(tooMany(path, keys.length, most));
    return;
  }
  for (const key of keys) {
    judgeKey(key, path, errors);
    judge(map![key]!, `${path}[${shortened(key, keyBytesMax)}]`, errors);
  }
}

function shortened(key: string, bytesMax: number): string {
  if (key.length <= bytesMax) return key;
  const kept = bytesMax - '...'.length;
  return `${key.slice(0, Math.floor((kept + 1) / 2))}...${key.slice(key.length - Math.floor(kept / 2))}`;
}
