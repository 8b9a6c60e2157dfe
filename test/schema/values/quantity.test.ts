import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuantity, parseQuantity, QuantityError, quantityFromJson } from '../../../src/schema/values/quantity.ts';

const amounts = fc.tuple(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'Ki', 'Mi', 'Gi'))
  .map(([n, suffix]) => `${n}${suffix}`);

describe('quantities', () => {
  it('keep their value when printed and read again', () => {
    fc.assert(fc.property(amounts, (text) => {
      const quantity = parseQuantity(text);
      expect(parseQuantity(quantity.canonical()).cmp(quantity)).toBe(0);
    }));
  });

  it('give back what was added to them', () => {
    fc.assert(fc.property(amounts, amounts, (a, b) => {
      const quantity = parseQuantity(a);
      expect(quantity.add(parseQuantity(b)).sub(parseQuantity(b)).cmp(quantity)).toBe(0);
    }));
  });

  it('do not change when something is added to them', () => {
    const quantity = parseQuantity('1Gi');
    quantity.add(parseQuantity('1Gi'));
    expect(quantity.canonical()).toBe('1Gi');
  });

  it('compare absurdly large and small numbers without writing them out', () => {
    expect(parseQuantity('1e999999999').cmp(parseQuantity('9E'))).toBe(1);
    expect(parseQuantity('1e-999999999').canonical()).toBe('1e-9');
    expect(parseQuantity('1e999999999').add(parseQuantity('1')).sign()).toBe(1);
  });

  it('wrap around like an int64 where upstream does', () => {
    expect([parseQuantity('65632820008605k'), parseQuantity('1E')].map((quantity) => quantity.milliValue())).toEqual([-8154156286233206464n, 0n]);
  });

  it('lose a suffix that upstream has no letter for', () => {
    expect(parseQuantity('1000E').canonical()).toBe('1');
  });
});

describe('canonicalQuantity', () => {
  it('answers the same for text that it has seen before', () => {
    expect([canonicalQuantity('0.5'), canonicalQuantity('0.5')]).toEqual(['500m', '500m']);
  });

  it('refuses what is no quantity every time', () => {
    expect(() => canonicalQuantity('1 Gi')).toThrow(QuantityError);
    expect(() => canonicalQuantity('1 Gi')).toThrow(QuantityError);
  });

  it('stays right when it has seen more texts than it remembers', () => {
    for (let i = 1; i <= 10_000; i++) canonicalQuantity(`${i}000m`);
    expect(canonicalQuantity('7000m')).toBe('7');
  });
});

describe('quantityFromJson', () => {
  it('keeps the spelling of a number and trims a string', () => {
    expect([quantityFromJson('1E3'), quantityFromJson('" 1Gi "'), quantityFromJson('null')].map(String)).toEqual(['1E3', '1Gi', '0']);
  });
});
