/**
 * Exact decimal numbers, as quantities need them: comparing, rescaling and rounding, and upstream's two ways to squeeze a
 * number into an int64 (apimachinery/pkg/api/resource/{amount,math,scale_int}.go).
 */

/** The number `unscaled` × 10^`exponent`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly exponent: number;
}

export const int64Max = 2n ** 63n - 1n;
/** Decimal digits that always fit an int64. */
export const int64Digits = 18;
/** Beyond this many decimal places every int64 result has long overflowed, so that powers of ten can stay small. */
export const exponentMax = 1000;

/** The number if it is whole. */
export function exactInteger({ unscaled, exponent }: Decimal): bigint | undefined {
  if (exponent >= 0) return unscaled * tenTo(exponent);
  const unit = tenTo(-exponent);
  return unscaled % unit === 0n ? unscaled / unit : undefined;
}

/** Compares by sign and number of digits first, so that huge exponents cost nothing. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const signA = a.unscaled < 0n ? -1 : a.unscaled > 0n ? 1 : 0;
  const signB = b.unscaled < 0n ? -1 : b.unscaled > 0n ? 1 : 0;
  if (signA !== signB) return signA < signB ? -1 : 1;
  if (signA === 0) return 0;
  const magnitude = digitsOf(a.unscaled) + a.exponent - digitsOf(b.unscaled) - b.exponent;
  if (magnitude !== 0) return magnitude * signA < 0 ? -1 : 1;
  const exponent = Math.min(a.exponent, b.exponent);
  const left = rescale(a, exponent);
  const right = rescale(b, exponent);
  return left === right ? 0 : left < right ? -1 : 1;
}

function digitsOf(n: bigint): number {
  return (n < 0n ? -n : n).toString().length;
}

/** The same number with a smaller exponent. Sums with absurdly large numbers saturate instead of filling the memory. */
export function rescale(amount: Decimal, exponent: number): bigint {
  return amount.unscaled * tenTo(Math.min(amount.exponent - exponent, exponentMax));
}

/** A number in units of 10^exponent, rounded away from zero. */
export function roundUp(amount: Decimal, exponent: number): bigint {
  const { unscaled } = amount;
  if (amount.exponent >= exponent) return rescale(amount, exponent);
  if (unscaled === 0n) return 0n;
  const away = unscaled < 0n ? -1n : 1n;
  if (digitsOf(unscaled) + amount.exponent < exponent) return away;
  const unit = tenTo(exponent - amount.exponent);
  return unscaled / unit + (unscaled % unit === 0n ? 0n : away);
}

/** Upstream's scaling of the int64 form: rounds away from zero. On overflow it wraps for the usual steps, else answers 0. */
export function scaleInt64(amount: Decimal, exponent: number): bigint {
  const { unscaled } = amount;
  const up = amount.exponent - exponent;
  if (up < 0) return roundUp(amount, exponent);
  if ([1, 2, 3, 6, 9].includes(up) && unscaled !== -(2n ** 63n)) return BigInt.asIntN(64, unscaled * tenTo(up));
  return int64OrUndefined(unscaled, up) ?? 0n;
}

/** Upstream's scaling of the big form: adds one to the truncated quotient, and wraps on overflow. */
export function scaleBig(amount: Decimal, exponent: number): bigint {
  const { unscaled } = amount;
  const up = amount.exponent - exponent;
  if (up >= 0) {
    const factor = up <= int64Digits ? tenTo(up) : -(2n ** 63n);
    return BigInt.asIntN(64, unscaled * factor);
  }
  if (unscaled < int64Max && -up < 19) {
    const unit = tenTo(-up);
    const wrapped = BigInt.asIntN(64, unscaled);
    return wrapped / unit + (wrapped % unit === 0n ? 0n : 1n);
  }
  const unit = tenTo(-up);
  let quotient = unscaled / unit;
  const remainder = unscaled % unit;
  if (remainder < 0n) quotient -= 1n;
  return BigInt.asIntN(64, quotient + (remainder === 0n ? 0n : 1n));
}

/** unscaled × 10^exponent if it fits an int64. `exponent` is not negative. */
export function int64OrUndefined(unscaled: bigint, exponent: number): bigint | undefined {
  if (unscaled === 0n) return 0n;
  if (exponent > int64Digits) return undefined;
  const result = unscaled * tenTo(exponent);
  return isInt64(result) ? result : undefined;
}

export function isInt64(n: bigint): boolean {
  return n === BigInt.asIntN(64, n);
}

function tenTo(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}
