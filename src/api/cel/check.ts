/** What is wrong with a rule before it runs. */
import type { Schema } from '../crd/schema.ts';
import { throwFaults, UnsupportedExpression, type Expression, type Fault } from './expression.ts';
import { functions } from './functions.ts';
import { celTypeOf } from './schema-types.ts';
import { typeOf } from './type-check.ts';
import { dyn, optionalOf, type CelType } from './types.ts';

/**
 * The type of what a rule about values of this schema gives. Throws ExpressionError for mistakes, UnsupportedExpression for what is
 * right but not emulated.
 */
export function checkExpression(expression: Expression, schema: Schema, hasOptionalOld = false): CelType {
  const self = celTypeOf(schema) ?? dyn;
  const faults: Fault[] = [];
  const type = typeOf(expression, { self, oldSelf: hasOptionalOld ? optionalOf(self) : self }, faults);
  throwFaults(faults.toSorted((a, b) => a.at - b.at));
  refuseUnsupported(expression);
  return type;
}

function refuseUnsupported(expression: Expression): void {
  if (expression.op === 'object') throw new UnsupportedExpression('objects that are written out');
  if (expression.op === 'call' && !Object.hasOwn(functions, expression.name)) throw new UnsupportedExpression(`the CEL function ${expression.name}`);
  for (const part of parts(expression)) refuseUnsupported(part);
}

/** Does the rule compare with the old value? */
export function usesOldSelf(expression: Expression): boolean {
  return expression.op === 'name' ? expression.name === 'oldSelf' : parts(expression).some(usesOldSelf);
}

function parts(expression: Expression): Expression[] {
  switch (expression.op) {
    case 'literal': case 'name': return [];
    case 'select': case 'has': case 'not': case 'negate': case 'maybe': return [expression.of];
    case 'otherwise': return [expression.of, expression.alternative];
    case 'index': return [expression.of, expression.index];
    case 'list': return [...expression.items];
    case 'map': return expression.entries.flat();
    case 'object': return expression.fields.map(({ value }) => value);
    case 'binary': return [expression.left, expression.right];
    case 'conditional': return [expression.test, expression.then, expression.otherwise];
    case 'call': return [...(expression.target ? [expression.target] : []), ...expression.args];
    case 'macro': return [expression.of, ...expression.body];
  }
}
