/** The value of an expression for given variables. Integers and doubles are both JavaScript numbers. */
import { celEqual, isMap, truth } from './arguments.ts';
import type { Expression } from './expression.ts';
import { EvaluationError } from './evaluation-error.ts';
import { functions } from './functions.ts';
import { sortedBy } from './lists.ts';
import { lookUp, optional, OptionalValue } from './optional.ts';
import { typeNames, TypeValue } from './type-value.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** Throws EvaluationError. */
export function evaluate(expression: Expression, variables: Variables): unknown {
  switch (expression.op) {
    case 'literal': return expression.value;
    case 'name': return valueOfName(expression.name, variables);
    case 'maybe': return evaluate(expression.of, variables);
    case 'list': return expression.items.flatMap((item) => present(item, evaluate(item, variables)));
    case 'map': return Object.fromEntries(expression.entries.flatMap(([key, value]) =>
      present(key, evaluate(value, variables)).map((one) => [String(evaluate(key, variables)), one])));
    case 'object': return fail('no such overload');
    case 'select': return member(evaluate(expression.of, variables), fieldName(expression.field), expression.optional, 'no such key');
    case 'has': return lookUp(evaluate(expression.of, variables), fieldName(expression.field)).hasValue;
    case 'index': {
      const of = evaluate(expression.of, variables);
      return member(of, evaluate(expression.index, variables), expression.optional, Array.isArray(of) ? 'index out of bounds' : 'no such key');
    }
    case 'not': return !truth(evaluate(expression.of, variables));
    case 'negate': return -(evaluate(expression.of, variables) as number);
    case 'conditional': return evaluate(truth(evaluate(expression.test, variables)) ? expression.then : expression.otherwise, variables);
    case 'otherwise': {
      const of = optional(evaluate(expression.of, variables));
      if (!of.hasValue) return evaluate(expression.alternative, variables);
      return expression.unwraps ? of.value : of;
    }
    case 'binary': return binary(expression, variables);
    case 'call': {
      const { target, args, name } = expression;
      return functions[name]!(...[...(target ? [target] : []), ...args].map((arg) => evaluate(arg, variables)));
    }
    case 'macro': return macro(expression, variables);
  }
}

function valueOfName(name: string, variables: Variables): unknown {
  if (Object.hasOwn(variables, name)) return variables[name];
  return typeNames.has(name) ? new TypeValue(name) : fail(`undeclared reference to '${name}'`);
}

function fail(text: string): never {
  throw new EvaluationError(text);
}

/** The item of a list or the value of an entry, unless it is one that may be left out. */
function present(written: Expression, value: unknown): unknown[] {
  if (written.op !== 'maybe') return [value];
  const inner = optional(value);
  return inner.hasValue ? [inner.value] : [];
}

/** Names that CEL reserves are written between underscores (apiserver/pkg/cel/escaping.go). */
export const fieldName = (field: string): string =>
  field.replace(/__dot__/g, '.').replace(/__dash__/g, '-').replace(/__slash__/g, '/').replace(/__underscores__/g, '__')
    .replace(/^__([a-z]+)__$/, '$1');

function member(of: unknown, key: unknown, isOptional: boolean | undefined, complaint: string): unknown {
  const found = lookUp(of, key);
  if (isOptional || of instanceof OptionalValue) return found;
  return found.hasValue ? found.value : fail(`${complaint}: ${String(key)}`);
}

function binary({ operator, left, right }: Extract<Expression, { op: 'binary' }>, variables: Variables): unknown {
  if (operator === '&&' || operator === '||') return logical(operator === '||', left, right, variables);
  const a = evaluate(left, variables);
  const b = evaluate(right, variables);
  switch (operator) {
    case '==': return celEqual(a, b);
    case '!=': return !celEqual(a, b);
    case 'in': return Array.isArray(b) ? b.some((one) => celEqual(one, a)) : isMap(b) && Object.hasOwn(b, String(a));
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

type Macro = Extract<Expression, { op: 'macro' }>;

function macro(expression: Macro, variables: Variables): unknown {
  const { name, of, variables: [first = ''], body: [body] } = expression;
  const range = evaluate(of, variables);
  if (name !== 'optMap' && name !== 'optFlatMap') return comprehension(expression, range, variables);
  const inner = optional(range);
  if (!inner.hasValue) return inner;
  const result = evaluate(body!, { ...variables, [first]: inner.value });
  return name === 'optMap' ? OptionalValue.of(result) : optional(result);
}

function comprehension({ name, variables: [first = '', second], body }: Macro, range: unknown, variables: Variables): unknown {
  const entries: [unknown, unknown][] = Array.isArray(range) ? range.map((item, i) => [i, item]) : isMap(range) ? Object.entries(range) : fail('no such overload');
  /** What a single variable stands for: the items of a list, the keys of a map. */
  const single = ([key, value]: readonly [unknown, unknown]): unknown => (Array.isArray(range) ? value : key);
  const run = (expression: Expression) => (entry: readonly [unknown, unknown]) =>
    evaluate(expression, { ...variables, ...(second === undefined ? { [first]: single(entry) } : { [first]: entry[0], [second]: entry[1] }) });
  const test = (entry: readonly [unknown, unknown]) => truth(run(body[0]!)(entry));
  const kept = body.length === 2 ? entries.filter(test) : entries;
  const transform = run(body.at(-1)!);
  switch (name) {
    case 'all': return entries.every(test);
    case 'exists': return entries.some(test);
    case 'exists_one': case 'existsOne': return entries.filter(test).length === 1;
    case 'filter': return entries.filter(test).map(single);
    case 'sortBy': return sortedBy(entries.map(single), entries.map(transform));
    case 'transformMap': return Object.fromEntries(kept.map((entry) => [String(entry[0]), transform(entry)]));
    case 'transformMapEntry': return merged(kept.map(transform));
    default: return kept.map(transform);
  }
}

function merged(maps: readonly unknown[]): Record<string, unknown> {
  const entries = maps.flatMap((map) => (isMap(map) ? Object.entries(map) : fail('no such overload')));
  const repeated = entries.find(([key], i) => entries.findIndex(([other]) => other === key) < i);
  if (repeated) fail(`insert failed: key ${repeated[0]} already exists`);
  return Object.fromEntries(entries);
}
