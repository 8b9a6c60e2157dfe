import { expect, test } from 'vitest';
import { formatIPAddress, parseIPAddress } from '../../src/lib/ip-address.ts';

test.each([
  ['10.9.8.7', '10.9.8.7', 4], ['010.0.0.1', '10.0.0.1', 4], ['2001:db8::ffff', '2001:db8::ffff', 6], ['FE80:0:0:0:0:0:0:0abc', 'fe80::abc', 6],
  ['::', '::', 6], ['::1', '::1', 6], ['1::', '1::', 6], ['::ffff:1.2.3.4', '1.2.3.4', 4], ['64:ff9b::1.2.3.4', '64:ff9b::102:304', 6],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3', 6], ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7', 6],
])('%s is %s of family %d', (text, canonical, family) => {
  const address = parseIPAddress(text)!;
  expect([formatIPAddress(address), address.family]).toEqual([canonical, family]);
});

test.each(['', '1.2.3', '1.2.3.256', '1.2.3.4.5', 'a.b.c.d', ':', ':1::2', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', '::1.2.3', '::g', 'fe80::1%eth0'])(
  '%j is no address', (text) => {
    expect(parseIPAddress(text)).toBeUndefined();
  });

test('loose spellings are known as such', () => {
  expect(parseIPAddress('010.0.0.1')).toMatchObject({ leadingZeros: true, mapped: false });
  expect(parseIPAddress('::ffff:1.2.3.4')).toMatchObject({ leadingZeros: false, mapped: true });
  expect(parseIPAddress('10.0.0.1')).toMatchObject({ leadingZeros: false, mapped: false });
});
