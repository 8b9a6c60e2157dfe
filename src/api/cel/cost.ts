/**
 * What evaluating costs, in cel-go's units (checker/cost.go, interpreter/runtimecost.go, apiserver/pkg/cel/library/cost.go). Functions
 * carry their cost with them: an estimate from what is known of their arguments, and the cost of one call.
 */
import type { CelType } from './types.ts';
import { ListValue, MapValue, sizeOf, type Value } from './values.ts';

/** From the least to the most, both from 0 to `unbounded`. */
export interface Range {
  readonly least: bigint;
  readonly most: bigint;
}

/** Upstream's greatest uint64, at which sums and products stop. */
export const unbounded = 2n ** 64n - 1n;
export const fixed = (count: number): Range => between(count, count);
export const between = (least: number, most: number): Range => ({ least: BigInt(least), most: BigInt(most) });
export const upTo = (most: bigint): Range => ({ least: 0n, most });
export const unknownRange: Range = upTo(unbounded);

export const capped = (value: bigint): bigint => least(value, unbounded);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const inRange = (of: (pick: (range: Range) => bigint) => bigint): Range =>
  ({ least: capped(of((range) => range.least)), most: capped(of((range) => range.most)) });

export const sum = (...ranges: readonly Range[]): Range => inRange((pick) => ranges.reduce((total, range) => total + pick(range), 0n));
export const product = (a: Range, b: Range): Range => inRange((pick) => pick(a) * pick(b));
/** Times a factor, as a double rounded up. */
export const scaled = (range: Range, factor: number): Range => inRange((pick) => BigInt(Math.ceil(Number(pick(range)) * factor)));
/** The least range with both in it. */
export const union = (a: Range, b: Range): Range => ({ least: least(a.least, b.least), most: greatest(a.most, b.most) });

export const selectCost = 1;
export const listCost = 10;
export const mapCost = 30;
export const structCost = 40;
/** Per character that is looked at. */
export const perCharacter = 0.1;
/** Per character of a regular expression. */
export const perPatternCharacter = 0.25;

/** An argument, as far as it is known before it is evaluated. */
export interface Operand {
  readonly type: CelType;
  readonly size: Range;
  /** The size of its items, when it is a list and more is known than their type. */
  readonly items: Operand | undefined;
  /** When it is written out. */
  readonly literal: Value | undefined;
}

export interface Estimate {
  readonly cost: Range;
  /** Of the result; undefined when it is not known. */
  readonly size?: Range;
}

export interface Cost {
  /** The target of a member comes first. */
  estimate(operands: readonly Operand[]): Estimate;
  /** Of one call. */
  actual(args: readonly Value[], result: Value): number;
  /** Counts as well where only the run shows which overload is called. */
  readonly anyOverload?: boolean;
}

export const oneUnit: Cost = { estimate: () => ({ cost: fixed(1) }), actual: () => 1, anyOverload: true };
const perSize = (args: readonly Value[], index: number, factor: number): number => Math.ceil(sizeOf(args[index]!) * factor);

/** Goes over one argument a number of times; the result is as long. */
export const traversal = (index = 0, times = 1, size?: (operands: readonly Operand[]) => Range): Cost => ({
  estimate: (operands) => ({ cost: scaled(operands[index]!.size, times * perCharacter), ...(size ? { size: size(operands) } : {}) }),
  actual: (args) => perSize(args, index, times * perCharacter),
  anyOverload: true,
});

/** The same for functions of cel-go's own; what is estimated may be another argument than what is gone over. */
export const characters = (estimated: number, actual: number, size?: (operand: Range) => Range): Cost => ({
  estimate: (operands) => ({ cost: scaled(operands[estimated]!.size, perCharacter), ...(size ? { size: size(operands[estimated]!.size) } : {}) }),
  actual: (args) => perSize(args, actual, perCharacter),
});

export const sameSize = (operands: readonly Operand[]): Range => operands[0]!.size;

/** As long as the shorter of two. */
export const comparison: Cost = {
  estimate: ([a, b]) => {
    const most = least(a!.size.most, b!.size.most);
    return { cost: scaled({ least: most > 0n ? 1n : 0n, most }, perCharacter) };
  },
  actual: ([a, b]) => Math.ceil(Math.min(sizeOf(a!), sizeOf(b!)) * perCharacter),
};

/** A regular expression is tried at every character, and one more. */
export const pattern = (size?: (operands: readonly Operand[]) => Range, anyOverload = false): Cost => ({
  estimate: (operands) => {
    const [text, regex] = operands as [Operand, Operand];
    const cost = product(scaled(sum(text.size, fixed(1)), perCharacter), scaled(regex.size, perPatternCharacter));
    return { cost, ...(size ? { size: size(operands) } : {}) };
  },
  actual: ([text, regex]) => Math.ceil((1 + sizeOf(text!)) * perCharacter) * Math.ceil(sizeOf(regex!) * perPatternCharacter),
  anyOverload,
});

/** Every character of one against every character of another. */
export const search: Cost = {
  estimate: ([text, part]) => ({ cost: product(scaled(text!.size, perCharacter), scaled(part!.size, perCharacter)) }),
  actual: ([text, part]) => Math.ceil(sizeOf(text!) * perCharacter) * Math.ceil(sizeOf(part!) * perCharacter),
};

/** Every item of a list, and every character in it; or every character of a text. */
export const itemByItem: Cost = {
  estimate: ([target]) => {
    const { size, items } = target!;
    if (!items) return { cost: scaled(size, perCharacter) };
    const isText = items.type.kind === 'string' || items.type.kind === 'bytes';
    return { cost: product(size, isText ? sum(fixed(1), scaled(items.size, perCharacter)) : fixed(1)) };
  },
  actual: ([target]) => everything(target!),
  anyOverload: true,
};

/** What going over all there is in a value costs; it is rounded down, and counts the bytes of texts. */
function everything(value: Value): number {
  if (typeof value === 'string') return Math.floor(Buffer.byteLength(value) * perCharacter);
  if (value instanceof Uint8Array) return Math.floor(value.length * perCharacter);
  if (value instanceof ListValue) return value.items.reduce((total: number, item) => total + everything(item), 0);
  if (value instanceof MapValue) return value.keys.reduce((total: number, key) => total + everything(key) + everything(value.find(key)!), 0);
  return 1;
}
