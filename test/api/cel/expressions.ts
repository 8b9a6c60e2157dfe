/** Expressions for tests: what they give for a `self` without a schema, as JSON would have it. */
import { Budget } from '../../../src/api/cel/evaluator.ts';
import { callCostMax, checkedExpression, Program } from '../../../src/api/cel/program.ts';
import { declaredType } from '../../../src/api/cel/schema-types.ts';
import { dynamicValue } from '../../../src/api/cel/schema-values.ts';
import { dyn } from '../../../src/api/cel/types.ts';
import { ListValue, MapValue, ObjectValue, OptionalValue, type Value } from '../../../src/api/cel/values.ts';
import type { Schema } from '../../../src/api/crd/schema.ts';

/** Throws ExpressionError and EvaluationError. */
export function valueOf(rule: string, self: unknown): unknown {
  const program = new Program(checkedExpression(rule, { variables: { self: dyn } }));
  return plain(program.run({ self: dynamicValue(self) }, new Budget(callCostMax)));
}

export function checkRule(rule: string, schema: Schema): void {
  checkedExpression(rule, { variables: { self: declaredType(schema)!.type } });
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof ListValue) return value.items.map(plain);
  if (value instanceof MapValue) return Object.fromEntries(value.keys.map((key) => [String(key), plain(value.find(key)!)]));
  if (value instanceof OptionalValue) return { optional: value.hasValue ? [plain(value.value)] : [] };
  return value instanceof ObjectValue ? String(value) : value;
}
