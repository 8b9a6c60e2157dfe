import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../../src/api/codec/decode-error.ts';
import { resolveScalar } from '../../../src/api/codec/yaml-scalar.ts';
import { parseYamlTree } from '../../../src/api/codec/yaml-tree.ts';
import { encodeYaml } from '../../../src/api/codec/yaml-write.ts';

interface Case { id: string; expect?: { headers?: Record<string, string>; text?: string } }

const recorded = ['04-decoding', '15-watch', '16-table-metadata', '17-negotiation'].flatMap((session) => {
  const file = readFileSync(new URL(`../../golden/api/${session}.json`, import.meta.url), 'utf8');
  return (JSON.parse(file) as { cases: Case[] }).cases
    .filter(({ expect: expected }) => expected?.headers?.['content-type'] === 'application/yaml' && expected.text)
    .map(({ id, expect: expected }) => ({ id, text: unmasked(expected!.text!) }));
});

/** Puts values in the place of masks where their quotes matter. */
function unmasked(text: string): string {
  return text.replaceAll('"<time>"', '"2026-01-02T03:04:05Z"').replaceAll('"<rv>"', '"12"');
}

describe('encodeYaml', () => {
  it('has recordings to compare with', () => {
    expect(recorded.length).toBeGreaterThan(6);
  });

  it.each(recorded)('writes the answer of $id as the server does', ({ text }) => {
    expect(encodeYaml(parseYamlTree(text).tree)).toBe(text);
  });

  it.each([
    ['plain', 'plain'], ['', '""'], ['yes', '"yes"'], ['12', '"12"'], ['1e3', '"1e3"'], ['1:20', '"1:20"'], ['null', '"null"'],
    ['a: b', "'a: b'"], ["it's", "it's"], ["'", "''''"], ['- a', "'- a'"], ['-a', '-a'], ['a #b', "'a #b'"], [' a', "' a'"],
    ['a\tb', '"a\\tb"'], ['a\nb', '|-\n  a\n  b'], ['a\n', '|\n  a'], ['a\n\n', '|+\n  a\n'], ['a \nb', '"a \\nb"'], ['\u0001', '"\\x01"'],
    ['2026-01-02', '"2026-01-02"'], ['1.2.3', '1.2.3'], ['0x1f', '"0x1f"'], ['http://a:80', 'http://a:80'], ['@a', "'@a'"], ['é😀', 'é😀'],
  ])('writes the text %j as %j', (text, written) => {
    expect(encodeYaml({ a: text })).toBe(`a: ${written}\n`);
    expect(parseYamlTree(encodeYaml({ a: text })).tree).toEqual({ a: text });
  });

  it('sorts keys by letters and numbers and nests lists without indent', () => {
    expect(encodeYaml({ b10: 1, b9: [{ z: 1, a: [[1, 2], []] }], '-x': null, B: {}, c: 1.5, d: 1e-7 }))
      .toBe('-x: null\nB: {}\nb9:\n- a:\n  - - 1\n    - 2\n  - []\n  z: 1\nb10: 1\nc: 1.5\nd: 1e-07\n');
  });

  it('folds long texts after column 80 and asks for long keys', () => {
    const words = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
    const written = encodeYaml({ message: words, ['k'.repeat(129)]: ['v'] });
    expect(written.split('\n').slice(0, 3)).toEqual([
      `? ${'k'.repeat(129)}`, ': - v', 'message: word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11',
    ]);
    expect(parseYamlTree(written).tree).toEqual({ message: words, ['k'.repeat(129)]: ['v'] });
  });
});

describe('parseYamlTree', () => {
  it('refuses escapes of half a character, even in pairs', () => {
    expect(() => parseYamlTree('a: 1\nb: "\\ud83d\\ude00"')).toThrow(new DecodeError('yaml: line 2: found invalid Unicode character escape code'));
    expect(parseYamlTree('"\u{1F600} \\\\ud800"').tree).toBe('\u{1F600} \\ud800');
  });

  it('reads the first document with sorted keys, merged maps (whose keys count as set) and the last of repeated keys', () => {
    expect(parseYamlTree('z: &m {k: 1, x: 2}\na:\n  <<: *m\n  k: 3\n  j: 4\n  j: 5\n---\nsecond: 1\n')).toEqual({
      tree: { a: { j: 5, k: 3, x: 2 }, z: { k: 1, x: 2 } },
      duplicates: ['line 4: key "k" already set in map', 'line 6: key "j" already set in map'],
    });
  });

  it('tells the line of a syntax error in the words of go-yaml', () => {
    const failure = (text: string) => {
      try {
        return parseYamlTree(text);
      } catch (error) {
        return error instanceof DecodeError ? error.message : error;
      }
    };
    expect(failure('apiVersion: v1\n  kind: [Pod\n')).toBe('yaml: line 2: mapping values are not allowed in this context');
    expect(failure('a: *nothing\n')).toBe("yaml: unknown anchor 'nothing' referenced");
    expect(failure('\ta: b\n')).toBe('yaml: found character that cannot start any token');
  });
});

describe('resolveScalar', () => {
  it.each([
    ['yes', true], ['Off', false], ['y', true], ['~', null], ['0x10', 16], ['010', 8], ['0o17', 15], ['0b11', 3], ['-5', -5], ['1_000', 1000],
    ['1.', 1], ['.5', 0.5], ['1e2', 100], ['12345678901234567890', 12345678901234567890n], ['1:20', '1:20'], ['2026-01-02', '2026-01-02'],
    ['1.2.3', '1.2.3'], ['08', 8], ['100m', '100m'],
  ])('reads %s as %s', (text, value) => {
    expect(resolveScalar(text)).toBe(value);
  });
});
