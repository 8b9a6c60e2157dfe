/** The value of an expression for given variables. Integers and doubles are both JavaScript numbers. */
import { isObject } from '../../../lib/json.ts';
import { celEqual } from './arguments.ts';
import type { Expression } from './expression.ts';
import { EvaluationError } from './evaluation-error.ts';
import { functions } from './functions.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** Throws EvaluationError. */
export function evaluate(expression: Expression, variables: Variables): unknown {
  switch (expression.op) {
    case 'literal': return expression.value;
    case 'name': return Object.hasOwn(variables, expression.name) ? variables[expression.name] : fail(`undeclared reference to '${expression.name}'`);
    case 'list': return expression.items.map((item) => evaluate(item, variables));
    case 'map': return Object.fromEntries(expression.entries.map(([key, value]) => [String(evaluate(key, variables)), evaluate(value, variables)]));
    case 'select': return member(evaluate(expression.of, variables), expression.field);
    case 'has': {
      const of = evaluate(expression.of, variables);
      return isObject(of) && Object.hasOwn(of, fieldName(expression.field));
    }
    case 'index': return indexed(evaluate(expression.of, variables), evaluate(expression.index, variables));
    case 'not': return !truth(evaluate(expression.of, variables));
    case 'negate': return -(evaluate(expression.of, variables) as number);
    case 'conditional': return evaluate(truth(evaluate(expression.test, variables)) ? expression.then : expression.otherwise, variables);
    case 'binary': return binary(expression, variables);
    case 'call': {
      const { target, args, name } = expression;
      return functions[name]!(...[...(target ? [target] : []), ...args].map((arg) => evaluate(arg, variables)));
    }
    case 'macro': return comprehension(expression, variables);
  }
}

function fail(text: string): never {
  throw new EvaluationError(text);
}

const truth = (value: unknown): boolean => (typeof value === 'boolean' ? value : fail('no such overload'));

/** Names that CEL reserves are written between underscores (apiserver/pkg/cel/escaping.go). */
export const fieldName = (field: string): string =>
  field.replace(/__dot__/g, '.').replace(/__dash__/g, '-').replace(/__slash__/g, '/').replace(/__underscores__/g, '__')
    .replace(/^__([a-z]+)__$/, '$1');

function member(of: unknown, field: string): unknown {
  const name = fieldName(field);
  if (isObject(of) && Object.hasOwn(of, name)) return of[name];
  return fail(`no such key: ${name}`);
}

function indexed(of: unknown, index: unknown): unknown {
  if (Array.isArray(of)) return (index as number) in of ? of[index as number] as unknown : fail(`index out of bounds: ${String(index)}`);
  return isObject(of) && Object.hasOwn(of, String(index)) ? of[String(index)] : fail(`no such key: ${String(index)}`);
}

function binary({ operator, left, right }: Extract<Expression, { op: 'binary' }>, variables: Variables): unknown {
  if (operator === '&&' || operator === '||') return logical(operator === '||', left, right, variables);
  const a = evaluate(left, variables);
  const b = evaluate(right, variables);
  switch (operator) {
    case '==': return celEqual(a, b);
    case '!=': return !celEqual(a, b);
    case 'in': return Array.isArray(b) ? b.some((one) => celEqual(one, a)) : isObject(b) && Object.hasOwn(b, String(a));
    case '+': return Array.isArray(a) && Array.isArray(b) ? [...a as unknown[], ...b as unknown[]] : (a as number) + (b as number);
    default: return arithmetic(operator, a as number, b as number);
  }
}

/** One side may fail when the other decides. */
function logical(deciding: boolean, left: Expression, right: Expression, variables: Variables): boolean {
  try {
    if (truth(evaluate(left, variables)) === deciding) return deciding;
  } catch (error) {
    if (error instanceof EvaluationError && truth(evaluate(right, variables)) === deciding) return deciding;
    throw error;
  }
  return truth(evaluate(right, variables));
}

function arithmetic(operator: string, a: number, b: number): unknown {
  if (typeof a !== typeof b) fail('no such overload');
  switch (operator) {
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': if (b === 0) fail('division by zero'); return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b;
    default: if (b === 0) fail('modulus by zero'); return a % b;
  }
}

function comprehension({ name, of, variable, body }: Extract<Expression, { op: 'macro' }>, variables: Variables): unknown {
  const range = evaluate(of, variables);
  const items: unknown[] = Array.isArray(range) ? range : isObject(range) ? Object.keys(range) : fail('no such overload');
  const run = (expression: Expression) => (item: unknown) => evaluate(expression, { ...variables, [variable]: item });
  const test = (item: unknown) => truth(run(body[0]!)(item));
  switch (name) {
    case 'all': return items.every(test);
    case 'exists': return items.some(test);
    case 'exists_one': return items.filter(test).length === 1;
    case 'filter': return items.filter(test);
    default: return body.length === 2 ? items.filter(test).map(run(body[1]!)) : items.map(run(body[0]!));
  }
}
