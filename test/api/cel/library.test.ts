/** What Kubernetes' CEL library v1.36 gave for the same expressions (apiserver/pkg/cel/library, cel-go's ext). */
import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../../../src/api/cel/expression-error.ts';
import { parseExpression } from '../../../src/api/cel/parser.ts';
import { checkRule, valueOf } from './expressions.ts';

const self = { n: 3, s: 'abc', list: [1, 2, 3], map: { a: 1 }, nested: { a: { b: 'c' } }, nul: null };
const value = (rule: string): unknown => valueOf(rule, self);

const gives = (cases: readonly (readonly [rule: string, result: unknown])[]) => it.each(cases)('%s gives %j', (rule, result) => expect(value(rule)).toEqual(result));
const fails = (cases: readonly (readonly [rule: string, message: string])[]) => it.each(cases)('%s fails', (rule, message) => expect(() => value(rule)).toThrow(new Error(message)));

describe('Addresses', () => {
  gives([
    ['ip("192.168.0.1").family()', 4], ['ip("2001:db8::68").family()', 6], ['isIP("192.168.0.1.0")', false], ['isIP("2001:db8:::68")', false], ['isIP("::ffff:1.2.3.4")', false],
    ['ip.isCanonical("127.0.0.1")', true], ['ip.isCanonical("2001:DB8::68")', false], ['ip("1.2.3.4") == ip("1.2.3.4")', true], ['string(ip("2001:DB8::1"))', '2001:db8::1'],
    ['ip("0.0.0.0").isUnspecified()', true], ['ip("::1").isUnspecified()', false], ['ip("127.0.0.1").isLoopback()', true], ['ip("2001:db8::abcd").isLoopback()', false],
    ['ip("::1").isLoopback()', true], ['ip("224.0.0.1").isLinkLocalMulticast()', true], ['ip("224.0.1.1").isLinkLocalMulticast()', false],
    ['ip("ff02::1").isLinkLocalMulticast()', true], ['ip("ff01::1").isLinkLocalMulticast()', false], ['ip("169.254.169.254").isLinkLocalUnicast()', true],
    ['ip("febf::1").isLinkLocalUnicast()', true], ['ip("fec0::1").isLinkLocalUnicast()', false], ['ip("192.168.0.1").isGlobalUnicast()', true],
    ['ip("255.255.255.255").isGlobalUnicast()', false], ['ip("240.0.0.1").isGlobalUnicast()', true], ['ip("ff00::1").isGlobalUnicast()', false],
  ]);
  fails([
    ['ip("192.168.0.1.0")', 'IP Address "192.168.0.1.0" parse error during conversion from string: ParseAddr("192.168.0.1.0"): IPv4 address too long'],
    ['ip.isCanonical("2001:db8:::68")', 'IP Address "2001:db8:::68" parse error during conversion from string: ParseAddr("2001:db8:::68"): '
      + 'each colon-separated field must have at least one digit (at ":68")'],
    ['ip("fe80::1%eth0")', 'IP address "fe80::1%eth0" with zone value is not allowed'], ['ip("::ffff:1.2.3.4")', 'IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'],
  ]);
});

describe('Ranges of addresses', () => {
  gives([
    ['cidr("192.168.0.0/24").containsIP(ip("192.168.0.1"))', true], ['cidr("192.168.0.0/24").containsIP("192.168.1.1")', false], ['cidr("10.0.0.0/8").containsIP("::1")', false],
    ['cidr("192.168.0.0/24").containsCIDR(cidr("192.168.0.1/32"))', true], ['cidr("192.168.0.0/24").containsCIDR("192.168.0.0/23")', false],
    ['cidr("2001:db8::/32").containsCIDR("2001:db8::/33")', true], ['cidr("0.0.0.0/0").containsCIDR("::/0")', false], ['cidr("192.168.0.0/24").ip() == ip("192.168.0.0")', true],
    ['cidr("192.168.0.1/24").masked() == cidr("192.168.0.0/24")', true], ['cidr("1.2.3.4/8") == cidr("1.2.3.4/8").masked()', false], ['cidr("::1/128").prefixLength()', 128],
    ['string(cidr("2001:DB8::1/64"))', '2001:db8::1/64'], ['isCIDR("192.168.0.0/33")', false], ['isCIDR("::1/128")', true],
  ]);
  const twice = 'network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix';
  fails([
    ['cidr("192.168.0.0/")', `${twice}("192.168.0.0/"): bad bits after slash: ""`], ['cidr("10.0.0.0/8").containsCIDR("x")', `${twice}("x"): no '/'`],
    ['cidr("::ffff:1.2.3.4/100")', 'network address parse error during conversion from string: IPv4-mapped IPv6 address "::ffff:1.2.3.4/100" is not allowed'],
    ['cidr("10.0.0.0/8").containsIP("x")', 'no such overload'],
  ]);
});

describe('Optional values', () => {
  gives([
    ['self.?s', { optional: ['abc'] }], ['self.?nope', { optional: [] }], ['self.?nope.foo.bar.hasValue()', false], ['self.?nested.a.b.value()', 'c'],
    ['self.?nested["a"].?x.orValue("d")', 'd'], ['self.list[?0].value()', 1], ['self.list[?-1].hasValue()', false], ['self.map[?"b"].orValue(5)', 5],
    ['self.?nope.or(self.?s).value()', 'abc'], ['self.?s.or(optional.of(1 / 0)).value()', 'abc'], ['self.?s.orValue(1 / 0)', 'abc'],
    ['self.?s.optMap(x, x + "d").value()', 'abcd'], ['optional.none().optMap(x, 1 / 0).hasValue()', false], ['self.?list.optFlatMap(x, x[?0]).value()', 1],
    ['optional.of(1) == optional.of(1)', true], ['optional.of(1) == optional.none()', false], ['optional.none() == optional.none()', true],
    ['optional.ofNonZeroValue("").hasValue() || optional.ofNonZeroValue([]).hasValue() || optional.ofNonZeroValue({}).hasValue()', false],
    ['optional.ofNonZeroValue(0).hasValue() || optional.ofNonZeroValue(null).hasValue() || optional.ofNonZeroValue(false).hasValue()', false],
    ['[?optional.none(), 1, ?optional.of(2)]', [1, 2]], ['{?"a": optional.none(), ?"b": optional.of(2)}', { b: 2 }], ['has(self.?nested.a)', true], ['has(self.?nope.a)', false],
    ['self.?nul.hasValue()', true], ['self.s.?x.hasValue()', false], ['self.list.first().value()', 1], ['self.list.last().value()', 3], ['[].first().hasValue()', false],
    ['optional.unwrap([optional.of(42), optional.none()])', [42]], ['[optional.of(42), optional.none()].unwrapOpt()', [42]], ['[[1]][?0][?5].hasValue()', false],
  ]);
  fails([['self.?nope.value()', 'optional.none() dereference'], ['self.s.value()', 'no such overload: value(string)']]);

  it('are looked into by the schema', () => {
    const schema = { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'string' } } } } };
    const check = (rule: string) => () => checkRule(rule, schema);
    expect(check('self.?a.?b.orValue("") == "" && self.?a.optMap(x, x.b).hasValue()')).not.toThrow();
    expect(check('self.?a.?c.hasValue()')).toThrow("undefined field 'c'");
    expect(check('self.?a.optMap(x, x.c).hasValue()')).toThrow("undefined field 'c'");
    expect(check('self.?a.or(self.?d).hasValue()')).toThrow("undefined field 'd'");
  });

  it('are refused where they cannot be', () => {
    expect(() => parseExpression('has(self.?nested)')).toThrow(new ExpressionError('invalid argument to has() macro', 8));
    expect(() => parseExpression('optional.of(1).optMap(1, 2)')).toThrow('optMap() variable name must be a simple identifier');
  });
});

describe('Named formats', () => {
  const label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  const first = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  const none = { optional: [] };
  gives([
    ['format.dns1123Label().validate("my-label-name")', none], ['format.dns1123Label().validate("contains a space").value()', [label]],
    ['format.dns1123LabelPrefix().validate("my-label-prefix-")', none], ['format.dns1123SubdomainPrefix().validate("mysubdomain.prefix.-")', none],
    ['format.dns1035Label().validate("1a").hasValue()', true], ['format.dns1035LabelPrefix().validate("my-label-prefix-")', none],
    ['format.dns1123Subdomain().validate("apiextensions.k8s.io")', none], ['format.qualifiedName().validate("apiextensions.k8s.io/v1beta1")', none],
    ['format.qualifiedName().validate("contains a space").value()', [first]], ['format.labelValue().validate("my-cool-label-Value")', none],
    ['format.uri().validate("http://example.com")', none], ['format.uri().validate("x").value()', ['parse "x": invalid URI for request']],
    ['format.uri().validate("").value()', ['parse "": empty url']], ['format.uri().validate("http://a:b/").value()', ['parse "http://a:b/": invalid port ":b" after host']],
    ['format.uri().validate("/a%zz").value()', ['parse "/a%zz": invalid URL escape "%zz"']], ['format.uri().validate("http://[::1").value()', ['parse "http://[::1": missing \']\' in host']],
    ['format.uuid().validate("123e4567-e89b-12d3-a456-426614174000")', none], ['format.uuid().validate("x").value()', ['does not match the UUID format']],
    ['format.byte().validate("aGVsbG8=")', none], ['format.byte().validate("aGVsbG8").value()', ['invalid base64']], ['format.byte().validate("").value()', ['invalid base64']],
    ['format.date().validate("2020-02-29")', none], ['format.date().validate("2021-02-29").value()', ['invalid date']],
    ['format.datetime().validate("2021-01-01t23:59:59z")', none], ['format.datetime().validate("2021-01-01 00:00:00Z").value()', ['invalid datetime']],
    ['format.named("dns1123Label").value() == format.dns1123Label()', true], ['format.dns1123Label() == format.dns1035Label()', false], ['format.named("nope")', none],
  ]);
});

describe('Lists and sets', () => {
  gives([
    ['[1, 2, 3, 4].slice(1, 3)', [2, 3]], ['[[1], [2, 3]].flatten()', [1, 2, 3]], ['[[1], [2]].flatten(0).size()', 2], ['[1, 2, 2, 1].distinct()', [1, 2]],
    ['[1, 2].reverse()', [2, 1]], ['[3, 1, 2].sort()', [1, 2, 3]], ['[3, 1, 2].sortBy(i, -i)', [3, 2, 1]], ['lists.range(3)', [0, 1, 2]], ['lists.range(-1)', []],
    ['sets.contains([1, 2], [2])', true], ['sets.contains([], [])', true], ['sets.equivalent([1], [1, 1])', true], ['sets.intersects([1], [2, 3])', false], ['sets.contains([[1]], [[1]])', true],
  ]);
  fails([
    ['[1].slice(-1, 3)', 'cannot slice(-1, 3), negative indexes not supported'], ['[1].slice(3, 1)', 'cannot slice(3, 1), start index must be less than or equal to end index'],
    ['[1].slice(1, 9)', 'cannot slice(1, 9), list is length 1'], ['[[1]].flatten(-1)', 'level must be non-negative'],
  ]);
});

describe('Comprehensions of two variables', () => {
  gives([
    ['[1, 2].all(i, v, v > i)', true], ['[1, 3].exists(i, v, i == 1 && v == 3)', true], ['[1, 2].existsOne(i, v, i == 1)', true], ['{"a": 1}.exists_one(k, v, k == "a")', true],
    ['[1, 2].transformList(i, v, i * v)', [0, 2]], ['[1, 2].transformList(i, v, i > 0, v)', [2]], ['{"x": 1, "y": 2}.transformMap(k, v, v > 1, v * 2)', { y: 4 }],
    ['{"a": 1}.transformMapEntry(k, v, {k + "x": v})', { ax: 1 }], ['{"a": 1}.transformList(k, v, k)', ['a']],
  ]);
  fails([['[1, 2].transformMapEntry(i, v, {"k": v})', 'insert failed: key k already exists']]);

  it('need two names', () => {
    expect(() => parseExpression('[1].all(i, i, i > 0)')).toThrow(new ExpressionError('duplicate variable name: i', 11));
    expect(() => parseExpression('[1].all(i, 2, i > 0)')).toThrow(new ExpressionError('argument must be a simple name', 11));
  });
});

describe('Semantic versions', () => {
  gives([
    ['isSemver("1.2.3")', true], ['isSemver("v1.2.3")', false], ['isSemver("v1.2", true)', true], ['semver("1.2.3").minor()', 2], ['semver("01.02.03", true).patch()', 3],
    ['semver("1.2.3").compareTo(semver("1.2.4"))', -1], ['semver("1.2.3-alpha").isLessThan(semver("1.2.3"))', true], ['semver("1.0.0-2").compareTo(semver("1.0.0-10"))', -1],
    ['semver("1.0.0-alpha.1").compareTo(semver("1.0.0-alpha.beta"))', -1], ['semver("1.0.0-alpha").compareTo(semver("1.0.0-alpha.1"))', -1],
    ['semver("10.0.0").isGreaterThan(semver("2.0.0"))', true], ['semver("v1.0", true) == semver("1.0.0")', true], ['semver("1.0.0+a") == semver("1.0.0+b")', true],
  ]);
  fails([
    ['semver("")', 'Version string empty'], ['semver("v1.2")', 'No Major.Minor.Patch elements found'], ['semver("01.2.3")', 'Major number must not contain leading zeroes "01"'],
    ['semver("1.2.x")', 'Invalid character(s) found in patch number "x"'], ['semver("1.2.3-01")', 'Numeric PreRelease version must not contain leading zeroes "01"'],
    ['semver("1.2.3-")', 'Prerelease is empty'], ['semver("1.2.3+a_b")', 'Invalid character(s) found in build meta data "a_b"'],
    ['semver("1.2-a", true)', 'short version cannot contain PreRelease/Build meta data'], ['semver("1..3")', 'strconv.ParseUint: parsing "": invalid syntax'],
  ]);
});

describe('Types', () => {
  gives([
    ['type(self.n) == int', true], ['type(self.s) == string && type(self.s) != int', true], ['type(self.n) == int ? self.n > 1 : false', true],
    ['type(self.list) == list && type(self.map) == map', true], ['type(self.nul) == null_type', true], ['type(1.5) == double', true], ['type(true) == bool', true],
    ['type(int) == type', true], ['[dyn(1), dyn("a")].map(x, type(x) == int)', [true, false]],
  ]);
});
