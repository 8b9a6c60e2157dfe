import { describe, expect, it } from 'vitest';
import { checkExpression } from '../../../src/api/crd/cel/check.ts';
import { evaluate } from '../../../src/api/crd/cel/evaluate.ts';
import { ExpressionError, UnsupportedExpression } from '../../../src/api/crd/cel/expression.ts';
import { parseExpression } from '../../../src/api/crd/cel/parse.ts';

const self = { n: 3, s: 'abc', list: [1, 2, 3], map: { a: 1 }, items: [{ name: 'x', n: 1 }] };
const value = (rule: string): unknown => evaluate(parseExpression(rule), { self });

describe('A rule', () => {
  it.each([
    ['self.n + 1 * 2 == 5', true], ['self.n > 2 && self.s == "abc"', true], ['7 / 2', 3], ['-self.n % 2 == -1', true],
    ['self.list.all(i, i > 0)', true], ['self.items.exists(i, i.name == "y")', false], ['self.list.filter(i, i > 1).size()', 2],
    ['self.list.map(i, i * 2)', [2, 4, 6]], ['"a" in self.map', true], ['self.map["a"] == 1', true], ['has(self.nope)', false],
    ['self.s.matches("^[a-c]+$") ? "yes" : "no"', 'yes'], ["self.s.startsWith('a') || self.nope", true], ['size(self.s) in [3, 4]', true],
  ])('%s', (rule, expected) => {
    expect(value(rule)).toEqual(expected);
  });

  it('fails for what is not there', () => {
    expect(() => value('self.nope')).toThrow('no such key: nope');
    expect(() => value('self.n / 0')).toThrow('division by zero');
  });

  it('is checked against the schema', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, l: { type: 'array', items: { type: 'object', properties: { b: { type: 'string' } } } } } };
    const check = (rule: string) => () => checkExpression(parseExpression(rule), schema);
    expect(check('self.l.all(i, has(i.b) && self.a == i.b)')).not.toThrow();
    expect(check('self.nope > 1')).toThrow("undefined field 'nope'");
    expect(check('self.l.all(i, i.c == "")')).toThrow("undefined field 'c'");
    expect(check('other')).toThrow(ExpressionError);
    expect(check('quantity(self.a)')).toThrow(UnsupportedExpression);
    expect(() => parseExpression('self.a ==')).toThrow(ExpressionError);
  });
});
