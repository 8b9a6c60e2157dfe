/** The CEL rules of a schema, run over an object (apiextensions' apiserver/schema/cel/validation.go). */
import { equal, isObject } from '../../lib/json.ts';
import {
  duplicate, forbidden, invalid, invalidUnprinted, required, type FieldError,
} from '../field-error.ts';
import { additional, itemSchema, oldItem, properties, property, someSchema, type Schema, type ValidationRule } from '../crd/schema.ts';
import { noPath } from '../crd/schema-validation.ts';
import { usesOldSelf } from './check.ts';
import { evaluate } from './evaluate.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { Expression } from './expression.ts';
import { parseExpression } from './parse.ts';

export const hasRules = (schema: Schema): boolean => someSchema(schema, (one) => one['x-kubernetes-validations'] !== undefined);

interface Program {
  readonly expression: Expression;
  readonly message: Expression | undefined;
  readonly comparesOld: boolean;
}

const programs = new WeakMap<ValidationRule, Program>();

function programOf(rule: ValidationRule): Program {
  let program = programs.get(rule);
  if (!program) {
    const expression = parseExpression(rule.rule);
    const message = rule.messageExpression ? parseExpression(rule.messageExpression) : undefined;
    programs.set(rule, program = { expression, message, comparesOld: usesOldSelf(expression) });
  }
  return program;
}

/** Causes of every rule that fails. `old` is undefined on create, and where the old object had no such value. */
export function checkRules(schema: Schema | undefined, value: unknown, old: unknown, path = ''): FieldError[] {
  if (!schema) return [];
  const errors = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) => checkRule(rule, schema, value, old, path));
  if (Array.isArray(value)) {
    return [...errors, ...value.flatMap((item: unknown, i) => checkRules(itemSchema(schema), item, oldItem(schema, item, old), `${path}[${i}]`))];
  }
  if (!isObject(value)) return errors;
  const was = isObject(old) ? old : {};
  for (const [name, declared] of properties(schema)) {
    if (Object.hasOwn(value, name)) errors.push(...checkRules(declared, value[name], was[name], path === '' ? name : `${path}.${name}`));
  }
  const others = additional(schema);
  if (!others) return errors;
  for (const name of Object.keys(value).sort()) {
    if (!property(schema, name)) errors.push(...checkRules(others, value[name], was[name], `${path}[${name}]`));
  }
  return errors;
}

function checkRule(rule: ValidationRule, schema: Schema, self: unknown, oldSelf: unknown, path: string): FieldError[] {
  const { expression, message, comparesOld } = programOf(rule);
  // Transition rules need a past; others let stay what was wrong before.
  if (comparesOld ? oldSelf === undefined : oldSelf !== undefined && equal(self, oldSelf)) return [];
  const field = (path === '' ? '' : path) + (rule.fieldPath ? rule.fieldPath.slice(path === '' ? 1 : 0) : '') || noPath;
  const variables = { self, oldSelf };
  try {
    if (evaluate(expression, variables) === true) return [];
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return [invalid(field, schema.type ?? '', `${error.message} evaluating rule: ${(rule.message ?? rule.rule).trim()}`)];
  }
  return [failed(rule, field, messageOf(rule, message, variables))];
}

function messageOf(rule: ValidationRule, expression: Expression | undefined, variables: Readonly<Record<string, unknown>>): string {
  const usual = rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
  if (!expression) return usual;
  try {
    const text = evaluate(expression, variables);
    return typeof text === 'string' && text.trim() !== '' ? text : usual;
  } catch (error) {
    if (error instanceof EvaluationError) return usual;
    throw error;
  }
}

function failed({ reason }: ValidationRule, field: string, detail: string): FieldError {
  switch (reason) {
    case 'FieldValueForbidden': return forbidden(field, detail);
    case 'FieldValueRequired': return required(field, detail);
    case 'FieldValueDuplicate': return { ...duplicate(field, ''), body: 'Duplicate value' };
    default: return invalidUnprinted(field, detail);
  }
}
