import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, hasPath, intersection, pathsOf, recursiveDifference, setOf, union, type FieldSet } from '../../../src/api/apply/field-set.ts';
import { decodeFieldSet } from '../../../src/api/apply/managed-fields.ts';
import { printPath, sortElements } from '../../../src/api/apply/path-element.ts';
import { deepFreeze } from '../../../src/lib/json.ts';

const element = fc.constantFrom('f:a', 'f:b', 'f:é', 'k:{"name":"a"}', 'k:{"name":"a b"}', 'k:{"port":80,"protocol":"TCP"}', 'k:{"port":443,"protocol":"TCP"}', 'v:"x"', 'v:1', 'i:0', 'i:10');
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const paths = fc.array(path, { maxLength: 8 });
const set = paths.map((list) => deepFreeze(setOf(list)));

const texts = (value: FieldSet) => new Set(pathsOf(value).map((one) => one.join('/')));
const keep = (value: FieldSet, wanted: (text: string) => boolean) => new Set([...texts(value)].filter(wanted));

test('a set holds exactly the paths it was made of', () => {
  fc.assert(fc.property(paths, path, (list, other) => {
    const made = setOf(list);
    expect(texts(made)).toEqual(new Set(list.map((one) => one.join('/'))));
    expect(hasPath(made, other)).toBe(list.some((one) => one.join('/') === other.join('/')));
  }));
});

test('union, difference and intersection are those of the paths', () => {
  fc.assert(fc.property(set, set, (a, b) => {
    expect(texts(union(a, b))).toEqual(new Set([...texts(a), ...texts(b)]));
    expect(texts(difference(a, b))).toEqual(keep(a, (text) => !texts(b).has(text)));
    expect(texts(intersection(a, b))).toEqual(keep(a, (text) => texts(b).has(text)));
  }));
});

test('a recursive difference also loses what is below', () => {
  fc.assert(fc.property(set, set, (a, b) => {
    const gone = [...texts(b)];
    expect(texts(recursiveDifference(a, b))).toEqual(keep(a, (text) => !gone.some((one) => text === one || text.startsWith(`${one}/`))));
  }));
});

test('a set that loses nothing stays the same object', () => {
  fc.assert(fc.property(set, set, (a, b) => {
    const rest = difference(a, b);
    expect(difference(rest, b)).toBe(rest);
    expect(union(rest, setOf([]))).toBe(rest);
  }));
});

test('equal sets are written alike, however they were made', () => {
  fc.assert(fc.property(paths, set, (list, other) => {
    const forwards = setOf(list);
    const backwards = setOf(list.toReversed());
    expect(JSON.stringify(backwards)).toBe(JSON.stringify(forwards));
    expect(JSON.stringify(union(difference(forwards, other), intersection(forwards, other)))).toBe(JSON.stringify(forwards));
  }));
});

test('a set read from its JSON is the same set, whatever the order and spelling', () => {
  const shuffled = (value: FieldSet): unknown => Object.fromEntries(Object.keys(value).reverse()
    .map((name) => [name.replace('":', '" : '), shuffled(value[name]!)]));
  fc.assert(fc.property(set, (value) => {
    expect(JSON.stringify(decodeFieldSet(shuffled(value)))).toBe(JSON.stringify(value));
  }));
});

test('elements that are not known are skipped, what is no field set is refused', () => {
  expect(decodeFieldSet({ 'f:a': {}, 'x:b': {}, '.': {} })).toEqual({ 'f:a': {} });
  for (const wrong of [5, [], { 'f:a': 1 }, { a: {} }, { 'k:{': {} }, { 'i:x': {} }]) expect(decodeFieldSet(wrong)).toBe(undefined);
});

test('elements sort by kind, names by text, keys and values by what they hold', () => {
  const sorted = [
    '.', 'f:a', 'f:b', 'k:{"name":"a b"}', 'k:{"name":"ab"}', 'k:{"port":80,"protocol":"TCP"}', 'k:{"port":80,"protocol":"UDP"}',
    'k:{"port":443,"protocol":"TCP"}', 'v:2', 'v:10', 'v:"10"', 'v:true', 'i:2', 'i:10',
  ];
  expect(sortElements(sorted.toReversed())).toEqual(sorted);
});

test('paths are printed as conflicts show them', () => {
  expect(printPath(['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:a.b/c'])).toBe('.spec.ports[port=80,protocol="TCP"].a.b/c');
  expect(printPath(['f:finalizers', 'v:"a\\"b"', 'i:3'])).toBe('.finalizers[="a\\"b"][3]');
});
