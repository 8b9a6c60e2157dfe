/** What is wrong with a rule before it runs: unknown names, fields and functions (cel-go's checker, as far as fields go). */
import { additional, itemSchema, properties, property, type Schema } from '../schema.ts';
import { fieldName } from './evaluate.ts';
import { ExpressionError, UnsupportedExpression, type Expression } from './expression.ts';
import { functions } from './functions.ts';

/** A schema, or undefined where anything may be. */
type Type = Schema | undefined;
type Scope = Readonly<Record<string, Type>>;

const text: Schema = { type: 'string' };
/** What rules may see of a resource's own members. */
const resource: Schema['properties'] = {
  apiVersion: text, kind: text, metadata: { type: 'object', properties: { name: text, generateName: text } },
};

/** The schema of a whole resource as rules see it. */
export const resourceType = (schema: Schema): Schema => ({ ...schema, properties: { ...schema.properties, ...resource } });

/** Throws ExpressionError for a mistake, UnsupportedExpression for functions that are not emulated. */
export function checkExpression(expression: Expression, self: Schema): void {
  typeOf(expression, { self, oldSelf: self });
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

function typeOf(expression: Expression, scope: Scope): Type {
  switch (expression.op) {
    case 'name':
      if (Object.hasOwn(scope, expression.name)) return scope[expression.name];
      throw new ExpressionError(`undeclared reference to '${expression.name}' (in container '')`, expression.at);
    case 'select': case 'has': return selected(typeOf(expression.of, scope), expression.field, expression.at);
    case 'macro': {
      const of = typeOf(expression.of, scope);
      const inside = { ...scope, ...typesOfVariables(expression, of) };
      for (const part of expression.body) typeOf(part, inside);
      return expression.name === 'filter' ? of : undefined;
    }
    case 'index': {
      typeOf(expression.index, scope);
      const of = typeOf(expression.of, scope);
      return itemSchema(of) ?? additional(of);
    }
    case 'otherwise':
      typeOf(expression.alternative, scope);
      return typeOf(expression.of, scope);
    case 'object': throw new UnsupportedExpression('objects that are written out');
    case 'call':
      if (!Object.hasOwn(functions, expression.name)) throw new UnsupportedExpression(`the CEL function ${expression.name}`);
      break;
    default:
  }
  for (const part of parts(expression)) typeOf(part, scope);
  return undefined;
}

/** One variable stands for items or keys, or for what may be there; two for index or key, and value. */
function typesOfVariables({ name, variables: [first = '', second] }: Extract<Expression, { op: 'macro' }>, of: Type): Scope {
  if (name === 'optMap' || name === 'optFlatMap') return { [first]: of };
  const key = additional(of) ? text : undefined;
  return second === undefined ? { [first]: itemSchema(of) ?? key } : { [first]: key, [second]: itemSchema(of) ?? additional(of) };
}

function selected(of: Type, field: string, at: number): Type {
  if (!of || properties(of).length === 0) return additional(of);
  const declared = property(of, fieldName(field));
  if (declared || of['x-kubernetes-preserve-unknown-fields']) return declared;
  throw new ExpressionError(`undefined field '${field}'`, at);
}
