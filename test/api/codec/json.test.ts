import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeJson } from '../../../src/api/codec/encode.ts';
import { sortKeys } from '../../../src/lib/json.ts';
import { scanJson } from '../../../src/api/codec/json-scan.ts';
import { NumberText, parseTree, Repeated } from '../../../src/api/codec/json-tree.ts';
import { parseJson, wholeCharacters } from '../../../src/api/codec/json.ts';

function failure(text: string): string {
  try {
    parseTree(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('parseTree', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a"', 'unexpected end of JSON input'],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['1 2', "invalid character '2' after top-level value"],
    ['01', "invalid character '1' after top-level value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1e+x', "invalid character 'x' in exponent of numeric literal"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12G"', "invalid character 'G' in \\u hexadecimal character escape"],
    ['tru', 'unexpected end of JSON input'],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['nil', "invalid character 'i' in literal null (expecting 'u')"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
    ['\u20ac', "invalid character 'â' looking for beginning of value"],
    ['['.repeat(10_001), "invalid character '[' exceeded max depth"],
  ])('refuses %j as Go does', (text, message) => {
    expect(failure(text)).toBe(message);
  });

  it('keeps repeated members and the spelling of numbers', () => {
    expect(parseTree('{"a":1,"b":5.0,"a":null,"a":[-0],"c":12345678901234567890}')).toEqual({
      a: new Repeated([1, null, [new NumberText('-0')]]), b: new NumberText('5.0'), c: new NumberText('12345678901234567890'),
    });
  });

  it('replaces half surrogate pairs', () => {
    expect(wholeCharacters('"\\ud83d\\ude00 \\ud800 \\\\ud800 \\udc00"')).toBe('"\\ud83d\\ude00 \\ufffd \\\\ud800 \\ufffd"');
    expect(parseTree('"a\\ud800b\\ud83d\\ude00"')).toBe('a\ufffdb😀');
  });

  it('reads ten thousand levels', () => {
    expect(failure(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)).toBe('no error');
  });

  it('agrees with JSON.parse on every valid text', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
      expect(plain(parseTree(text))).toEqual(JSON.parse(text));
    }), { numRuns: 300 });
  });
});

function plain(tree: unknown): unknown {
  if (tree instanceof NumberText) return Number(tree.text);
  if (tree instanceof Repeated) return plain(tree.last);
  if (Array.isArray(tree)) return tree.map(plain);
  if (tree === null || typeof tree !== 'object') return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, plain(value)]));
}

describe('scanJson', () => {
  it('counts members outside strings, repeated ones too', () => {
    expect(scanJson('{"a:b":{"c":"\\":"},"d":[{"e":1},{"e":2}],"d":0}')).toEqual({ members: 6, lossy: false, deep: false });
  });

  it.each(['5.0', '1e2', '-0', '1234567890123456', '"\\ud800"'])('calls %s lossy', (text) => {
    expect(scanJson(`[${text}]`).lossy).toBe(true);
  });

  it.each(['5', '-12', '0', '"1.5"', '"\\\\"', '123456789012345'])('trusts JSON.parse with %s', (text) => {
    expect(scanJson(`[${text}]`)).toEqual({ members: 0, lossy: false, deep: false });
  });
});

describe('encodeJson', () => {
  it('escapes as Go does and ends compact output with a newline', () => {
    expect(encodeJson({ a: '<&>\u2028' })).toBe('{"a":"\\u003c\\u0026\\u003e\\u2028"}\n');
    expect(encodeJson({ a: ['x'], b: {} }, true)).toBe('{\n  "a": [\n    "x"\n  ],\n  "b": {}\n}');
  });
});

describe('sortKeys', () => {
  it('sorts the members of every object', () => {
    expect(JSON.stringify(sortKeys({ b: [{ d: 1, c: 2 }], a: null }))).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});
