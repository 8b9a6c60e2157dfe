/** Quantities in rules (apiserver/pkg/cel/library/quantity.go). */
import { parseQuantity, QuantityError, type Quantity } from '../../../schema/values/quantity.ts';
import { instanceOf, text, whole } from '../arguments.ts';
import { oneUnit, traversal } from '../cost.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { overloads, type CelFunction, type FunctionTable } from '../signatures.ts';
import { HeldValue, type Value } from '../values.ts';

class QuantityValue extends HeldValue<Quantity> {
  readonly typeName = 'kubernetes.Quantity';

  equals(other: Value): boolean {
    return other instanceof QuantityValue && this.value.cmp(other.value) === 0;
  }

  override toString(): string {
    return this.value.toString();
  }
}

function parsed(value: string): Quantity | undefined {
  try {
    return parseQuantity(value);
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}

function quantityOf(value: string): QuantityValue {
  const quantity = parsed(value);
  if (quantity) return new QuantityValue(quantity);
  throw new EvaluationError(`quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`);
}

const of = (value: Value | undefined): Quantity => instanceOf(QuantityValue)(value).value;

function asInteger(quantity: Quantity): bigint {
  const value = quantity.asInt64();
  if (value === undefined) throw new EvaluationError('cannot convert value to integer');
  return value;
}

type Change = (quantity: Quantity, by: Quantity) => Quantity;
const change = (compute: Change): CelFunction => overloads(
  ['quantity.(quantity) -> quantity', (value, by) => new QuantityValue(compute(of(value), of(by))), oneUnit],
  ['quantity.(int) -> quantity', (value, by) => new QuantityValue(compute(of(value), parseQuantity(String(whole(by))))), oneUnit],
);

export const quantityFunctions: FunctionTable = {
  quantity: overloads(['(string) -> quantity', (value) => quantityOf(text(value)), traversal()]),
  isQuantity: overloads(['(string) -> bool', (value) => parsed(text(value)) !== undefined, traversal()]),
  isInteger: overloads(['quantity.() -> bool', (value) => of(value).asInt64() !== undefined, oneUnit]),
  asInteger: overloads(['quantity.() -> int', (value) => asInteger(of(value)), oneUnit]),
  asApproximateFloat: overloads(['quantity.() -> double', (value) => of(value).approximate(), oneUnit]),
  // Upstream declares it as a function of its own, not as a member.
  sign: overloads(['(quantity) -> int', (value) => BigInt(of(value).sign()), oneUnit]),
  add: change((quantity, by) => quantity.add(by)),
  sub: change((quantity, by) => quantity.sub(by)),
};

/** What semantic versions have under the same names. */
export const quantityOrder = {
  isGreaterThan: ['quantity.(quantity) -> bool', (a: Value | undefined, b: Value | undefined) => of(a).cmp(of(b)) === 1, oneUnit],
  isLessThan: ['quantity.(quantity) -> bool', (a: Value | undefined, b: Value | undefined) => of(a).cmp(of(b)) === -1, oneUnit],
  compareTo: ['quantity.(quantity) -> int', (a: Value | undefined, b: Value | undefined) => BigInt(of(a).cmp(of(b))), oneUnit],
} as const;
