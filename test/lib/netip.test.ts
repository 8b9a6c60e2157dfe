import { expect, test } from 'vitest';
import { formatAddr, is4In6, masked, NetipError, parseAddr, parsePrefix, prefixContains } from '../../src/lib/netip.ts';

const complaint = (parse: (text: string) => unknown, text: string): string | undefined => {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof NetipError) return error.message;
    throw error;
  }
};

test.each([
  ['1.2.3.4', '1.2.3.4'], ['0.0.0.0', '0.0.0.0'], ['::', '::'], ['::1', '::1'], ['1::', '1::'], ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'], ['64:ff9b::1.2.3.4', '64:ff9b::102:304'], ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'], ['fe80::1%eth0', 'fe80::1'],
])('%s is read', (text, canonical) => {
  expect(formatAddr(parseAddr(text))).toBe(canonical);
});

test.each([
  ['', 'ParseAddr(""): unable to parse IP'], ['bad', 'ParseAddr("bad"): unable to parse IP'], ['%1', 'ParseAddr("%1"): missing IPv6 address'],
  ['1.2.3', 'ParseAddr("1.2.3"): IPv4 address too short'], ['1.2.3.4.5', 'ParseAddr("1.2.3.4.5"): IPv4 address too long'],
  ['1.2.3.256', 'ParseAddr("1.2.3.256"): IPv4 field has value >255'], ['1.2.3.04', 'ParseAddr("1.2.3.04"): IPv4 field has octet with leading zero'],
  ['1.2..4', 'ParseAddr("1.2..4"): IPv4 field must have at least one digit (at ".4")'], ['1.2.3.', 'ParseAddr("1.2.3."): IPv4 field must have at least one digit (at ".")'],
  ['1.2.3.x', 'ParseAddr("1.2.3.x"): unexpected character (at "x")'], ['::1%', 'ParseAddr("::1%"): zone must be a non-empty string'],
  ['2001:db8:::68', 'ParseAddr("2001:db8:::68"): each colon-separated field must have at least one digit (at ":68")'],
  ['1:2', 'ParseAddr("1:2"): address string too short'], ['1:', 'ParseAddr("1:"): colon must be followed by more characters (at ":")'],
  ['1::2::3', 'ParseAddr("1::2::3"): multiple :: in address (at ":3")'], ['12345::', 'ParseAddr("12345::"): each group must have 4 or less digits (at "12345::")'],
  ['1:2:3:4:5:6:7:8:9', 'ParseAddr("1:2:3:4:5:6:7:8:9"): trailing garbage after address (at "9")'], ['1::x', 'ParseAddr("1::x"): each colon-separated field must have at least one digit (at "x")'],
  ['1:2x::', 'ParseAddr("1:2x::"): unexpected character, want colon (at "x::")'],
  ['1:2:3:4:5:6:7::8', 'ParseAddr("1:2:3:4:5:6:7::8"): the :: must expand to at least one field of zeros'],
  ['1:2:3.4.5.6', 'ParseAddr("1:2:3.4.5.6"): embedded IPv4 address must replace the final 2 fields of the address (at "3.4.5.6")'],
  ['::1:2:3:4:5:6:7.8.9.1', 'ParseAddr("::1:2:3:4:5:6:7.8.9.1"): the :: must expand to at least one field of zeros'],
  ['::1:2:3:4:5:6:7:8.9.1.2', 'ParseAddr("::1:2:3:4:5:6:7:8.9.1.2"): too many hex fields to fit an embedded IPv4 at the end of the address (at "8.9.1.2")'],
])('%j is no address', (text, message) => {
  expect(complaint(parseAddr, text)).toBe(message);
});

test.each([
  ['1.2.3.4', "no '/'"], ['1.2.3/8', 'ParseAddr("1.2.3"): IPv4 address too short'], ['::1%a/8', 'IPv6 zones cannot be present in a prefix'],
  ['1.2.3.4/', 'bad bits after slash: ""'], ['1.2.3.4/08', 'bad bits after slash: "08"'], ['1.2.3.4/+8', 'bad bits after slash: "+8"'],
  ['1.2.3.4/33', 'prefix length out of range'], ['::/129', 'prefix length out of range'],
])('%j is no prefix', (text, why) => {
  expect(complaint(parsePrefix, text)).toBe(`netip.ParsePrefix("${text}"): ${why}`);
});

test('a prefix is masked, and knows what is in it', () => {
  const mask = (text: string) => formatAddr(masked(parsePrefix(text)).addr);
  expect(['10.1.2.3/0', '10.1.2.3/8', '10.1.2.3/15', '10.1.2.3/31', '10.1.2.3/32', '2001:db8:ffff::1/33'].map(mask))
    .toEqual(['0.0.0.0', '10.0.0.0', '10.0.0.0', '10.1.2.2', '10.1.2.3', '2001:db8:8000::']);
  expect(prefixContains(parsePrefix('10.1.2.3/8'), parseAddr('10.9.9.9'))).toBe(true);
  expect(prefixContains(parsePrefix('10.1.2.3/8'), parseAddr('11.0.0.1'))).toBe(false);
  expect(prefixContains(parsePrefix('0.0.0.0/0'), parseAddr('::1'))).toBe(false);
});

test('IPv4 in IPv6 is known as such', () => {
  expect(['::ffff:1.2.3.4', '::1.2.3.4', '1.2.3.4'].map((text) => is4In6(parseAddr(text)))).toEqual([true, false, false]);
});
