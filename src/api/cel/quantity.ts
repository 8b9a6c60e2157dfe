/** Quantities in rules (apiserver/pkg/cel/library/quantity.go). */
import { parseQuantity, QuantityError, type Quantity } from '../../schema/values/quantity.ts';
import { noOverload, number, text, type CelFunction, type CelObject } from './arguments.ts';
import { EvaluationError } from './evaluation-error.ts';

export class QuantityValue implements CelObject {
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }

  equals(other: unknown): boolean {
    return other instanceof QuantityValue && this.quantity.cmp(other.quantity) === 0;
  }

  compare(other: unknown): number {
    return this.quantity.cmp(of(other));
  }

  toString(): string {
    return this.quantity.toString();
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

const of = (value: unknown): Quantity => (value instanceof QuantityValue ? value.quantity : noOverload());
const isWhole = (quantity: Quantity): boolean => quantity.asInt64() !== undefined;

function asInteger(quantity: Quantity): number {
  const value = quantity.asInt64();
  if (value === undefined) throw new EvaluationError('cannot convert value to integer');
  return Number(value);
}

export const quantityFunctions: Readonly<Record<string, CelFunction>> = {
  quantity: (value) => quantityOf(text(value)),
  isQuantity: (value) => parsed(text(value)) !== undefined,
  isInteger: (value) => isWhole(of(value)),
  asInteger: (value) => asInteger(of(value)),
  asApproximateFloat: (value) => Number(of(value).milliValue()) / 1000,
  sign: (value) => of(value).sign(),
  add: (value, other) => new QuantityValue(of(value).add(operand(other))),
  sub: (value, other) => new QuantityValue(of(value).sub(operand(other))),
};

/** Another quantity or a whole number. */
const operand = (value: unknown): Quantity => (value instanceof QuantityValue ? value.quantity : parseQuantity(String(number(value))));
