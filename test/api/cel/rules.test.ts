import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../../../src/api/cel/expression-error.ts';
import { parseExpression } from '../../../src/api/cel/parser.ts';
import { checkRule, valueOf } from './expressions.ts';

const self = { n: 3, s: 'abc', list: [1, 2, 3], map: { a: 1 }, items: [{ name: 'x', n: 1 }] };
const value = (rule: string): unknown => valueOf(rule, self);

describe('A rule', () => {
  it.each([
    ['self.n + 1 * 2 == 5', true], ['self.n > 2 && self.s == "abc"', true], ['7 / 2', 3], ['-self.n % 2 == -1', true],
    ['self.list.all(i, i > 0)', true], ['self.items.exists(i, i.name == "y")', false], ['self.list.filter(i, i > 1).size()', 2],
    ['self.list.map(i, i * 2)', [2, 4, 6]], ['"a" in self.map', true], ['self.map["a"] == 1', true], ['has(self.nope)', false],
    ['self.s.matches("^[a-c]+$") ? "yes" : "no"', 'yes'], ["self.s.startsWith('a') || self.nope", true], ['size(self.s) in [3, 4]', true],
  ])('%s', (rule, expected) => {
    expect(value(rule)).toEqual(expected);
  });

  it.each([
    ['"a-b-c".split("-", 2)', ['a', 'b-c']], ['"aaa".replace("a", "b", 2)', 'bba'], ['"abc".charAt(1)', 'b'], ['"abca".lastIndexOf("a")', 3],
    ['"x1y22".findAll("[0-9]+")', ['1', '22']], ['"x1y22".findAll("[0-9]+", 1)', ['1']], ['"x1".find("[0-9]+")', '1'], ['"x".find("[0-9]+")', ''],
    ['"%s is %d, %.2f, %x, %b%%".format(["n", 10, 1.5, 255, true])', 'n is 10, 1.50, ff, 1%'], ['"%s".format([{"b": 1, "a": [true]}])', '{"a":[true], "b":1}'],
    ['quantity("1Gi") == quantity("1024Mi")', true], ['quantity("1").add(quantity("500m")).isGreaterThan(quantity("1400m"))', true],
    ['quantity("3").sub(1).asInteger()', 2], ['quantity("50M").compareTo(quantity("50Mi"))', -1], ['isQuantity("1 Gi")', false],
    ['quantity("1500m").isInteger() || quantity("1500m").asApproximateFloat() == 1.5', true], ['{"a": 1}["a"] + size({})', 1], ['{"a": [1]} == {"a": [1]}', true],
    ['url("https://user@[::1]:8080/a%20b?x=1&x=2").getPort()', '8080'], ['url("https://[::1]:8080/a%20b").getHostname()', '::1'],
    ['url("/a?x=1&x=2").getQuery()', { x: ['1', '2'] }], ['url("/a").getHost() == "" && isURL("/a") && !isURL("a")', true], ['bool("true")', true],
  ])('%s gives %j', (rule, expected) => {
    expect(value(rule)).toEqual(expected);
  });

  it('fails for quantities and URLs that are none', () => {
    expect(() => value('quantity("x").asInteger() == 1')).toThrow('quantities must match the regular expression');
    expect(() => value('url("x")')).toThrow('URL parse error during conversion from string: parse "x": invalid URI for request');
    expect(() => value('"%d".format(["x"])')).toThrow('error during formatting: decimal clause can only be used on integers, was given string');
  });

  it('fails for what is not there', () => {
    expect(() => value('self.nope')).toThrow('no such key: nope');
    expect(() => value('self.n / 0')).toThrow('division by zero');
  });

  it('is checked against the schema', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, l: { type: 'array', items: { type: 'object', properties: { b: { type: 'string' } } } } } };
    const check = (rule: string) => () => checkRule(rule, schema);
    expect(check('self.l.all(i, has(i.b) && self.a == i.b)')).not.toThrow();
    expect(check('self.nope > 1')).toThrow("undefined field 'nope'");
    expect(check('self.l.all(i, i.c == "")')).toThrow("undefined field 'c'");
    expect(check('other')).toThrow(ExpressionError);
    expect(check('self.a.nosuch()')).toThrow("undeclared reference to 'nosuch'");
    expect(check('timestamp(string(self.a)).getHours() > 1')).not.toThrow();
    expect(() => parseExpression('self.a ==')).toThrow(ExpressionError);
  });
});
