/** The CEL rules of a schema, run over an object (apiextensions' apiserver/schema/cel/validation.go). */
import { equal, isObject } from '../../lib/json.ts';
import { duplicate, forbidden, invalid, invalidUnprinted, required, type FieldError } from '../field-error.ts';
import { additional, itemSchema, oldItem, property, someSchema, type Schema, type ValidationRule } from '../crd/schema.ts';
import { noPath } from '../crd/schema-validation.ts';
import { fieldPathOf } from '../crd/rule-field-path.ts';
import { EvaluationError } from './evaluation-error.ts';
import { Budget, BudgetExceeded, type Variables } from './evaluator.ts';
import { callCostMax, type Program } from './program.ts';
import { ruleProgram, type RulePrograms } from './rule-programs.ts';
import { resourceType } from './schema-types.ts';
import { schemaValue } from './schema-values.ts';
import { OptionalValue, type Value } from './values.ts';

/** Rules inside of `allOf` only count beside others. */
export const hasRules = (schema: Schema): boolean => someSchema({ ...schema, allOf: [] }, (one) => one['x-kubernetes-validations'] !== undefined);

export interface RuleResults {
  readonly errors: readonly FieldError[];
  /** What is wrong but was so before, in parts that did not change. */
  readonly warnings: readonly FieldError[];
}

const objectCostMax = 10_000_000;
const messageBytesMax = 5 * 1024;

/** Runs every rule for a resource. `old` is undefined on create. */
export const checkRules = (schema: Schema, value: unknown, old: unknown): RuleResults =>
  results({ schema, rules: schema, isResource: true }, value, old, old === undefined ? undefined : { value, old });

/** Runs every rule for a default: as if it had been there before, and as if it had not. */
export function checkDefault(schema: Schema, value: unknown): readonly FieldError[] {
  const node = { schema, rules: schema, isResource: false };
  const { errors } = results(node, value, value, undefined);
  return errors.length > 0 ? errors : results(node, value, undefined, undefined).errors;
}

function results(node: Node, value: unknown, old: unknown, pair: Pair | undefined): RuleResults {
  const run = new RuleRun();
  try {
    run.check(node, value, old ?? null, '', { current: pair, parent: undefined });
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
  }
  return run;
}

/** `rules` has what is asked of a value of `schema`: the same schema, or one of its `allOf`. */
interface Node {
  readonly schema: Schema;
  readonly rules: Schema;
  readonly isResource: boolean;
}

interface Pair {
  readonly value: unknown;
  readonly old: unknown;
}

/** The value with the one that it replaces, and the nearest around it of which that is known. */
interface Correlation {
  readonly current: Pair | undefined;
  readonly parent: Pair | undefined;
}

/** No more rules are run: what is wrong so far is all. */
class OutOfBudget extends Error {}

class RuleRun implements RuleResults {
  readonly errors: FieldError[] = [];
  readonly warnings: FieldError[] = [];
  #left = objectCostMax;

  check(node: Node, value: unknown, old: unknown, path: string, correlation: Correlation): void {
    if (value === null || value === undefined) return;
    const { schema, rules } = node;
    this.#checkHere(node, value, old, path, correlation);
    for (const part of rules.allOf ?? []) this.check({ ...node, rules: part }, value, old, path, { current: undefined, parent: correlation.parent });
    if (Array.isArray(value)) this.#checkItems(schema, itemSchema(rules), value, old, path, correlation);
    else if (isObject(value)) this.#checkMembers(node, value, isObject(old) ? old : {}, path, correlation);
  }

  #checkItems(schema: Schema, rules: Schema | undefined, value: readonly unknown[], old: unknown, path: string, correlation: Correlation): void {
    const items = itemSchema(schema);
    if (!items || !rules) return;
    value.forEach((item, i) => {
      const before = oldItem(schema, item, old) ?? null;
      this.check(nodeOf(items, rules), item, before, `${path}[${i}]`, inner(correlation, before === null ? undefined : { value: item, old: before }));
    });
  }

  #checkMembers({ schema, rules }: Node, value: Record<string, unknown>, old: Record<string, unknown>, path: string, correlation: Correlation): void {
    const others = additional(schema);
    const otherRules = additional(rules);
    for (const name of Object.keys(value).sort()) {
      const declared = property(schema, name);
      const declaredRules = property(rules, name);
      const [below, belowRules] = declared ? [declared, declaredRules] : [others, otherRules];
      if (!below || !belowRules) continue;
      const pair = Object.hasOwn(old, name) ? { value: value[name], old: old[name] } : undefined;
      const at = declared ? `${path === '' ? '' : `${path}.`}${name}` : `${path}[${name}]`;
      this.check(nodeOf(below, belowRules), value[name], old[name] ?? null, at, memberOf(correlation, name, pair));
    }
  }

  #checkHere(node: Node, value: unknown, old: unknown, path: string, correlation: Correlation): void {
    const rules = node.rules['x-kubernetes-validations'] ?? [];
    if (rules.length === 0) return;
    const field = path === '' ? noPath : path;
    if (this.#left <= 0) throw this.#outOfBudget(field, node.schema);
    const schema = node.isResource ? resourceType(node.schema) : node.schema;
    const self = attempted(() => schemaValue(value, schema));
    const oldSelf = old === null ? undefined : attempted(() => schemaValue(old, schema));
    for (const rule of rules) this.#checkRule(rule, { ...node, schema }, { self, oldSelf }, value, path, correlation);
  }

  #checkRule(rule: ValidationRule, { schema }: Node, { self, oldSelf }: Values, value: unknown, path: string, correlation: Correlation): void {
    const programs = ruleProgram(rule, schema);
    const field = path === '' ? noPath : path;
    if (!programs || typeof programs === 'string') {
      if (programs) this.errors.push(invalid(field, schema.type ?? '', `rule compile error: ${programs}`));
      return;
    }
    const isOptional = rule.optionalOldSelf === true;
    if (programs.usesOldSelf && oldSelf === undefined && !isOptional) return;
    const variables = { self, ...(isOptional ? { oldSelf: OptionalValue.of(oldSelf) } : oldSelf === undefined ? {} : { oldSelf }) };
    if (this.#holds(rule, programs.rule, variables, schema, field)) return;
    const detail = this.#message(rule, programs, variables, schema, field);
    const at = rule.fieldPath ? childPath(path, fieldPathOf(rule.fieldPath, schema)) : field;
    const error = failed(rule, at, schema.type === 'object' || schema.type === 'array' ? undefined : { value }, detail);
    const pair = correlation.current ?? correlation.parent;
    if (!programs.usesOldSelf && pair && equal(pair.value, pair.old)) this.warnings.push(error);
    else this.errors.push(error);
  }

  #outOfBudget(field: string, schema: Schema): OutOfBudget {
    this.errors.push(invalid(field, schema.type ?? '', 'validation failed due to running out of cost budget, no further validation rules will be run'));
    return new OutOfBudget();
  }

  /** True also for a rule that failed to say anything, which is an error of its own. */
  #holds(rule: ValidationRule, program: Program, variables: Variables, schema: Schema, field: string): boolean {
    const outcome = outcomeOf(program, variables);
    const name = (rule.message ? rule.message : rule.rule).trim();
    const refuse = (why: string): number => this.errors.push(invalid(field, schema.type ?? '', why));
    if (outcome.spent > this.#left) throw this.#outOfBudget(field, schema);
    this.#left -= outcome.spent;
    if (outcome.value !== undefined) return outcome.value === true;
    if (outcome.isCancelled) {
      refuse(`'${outcome.failure}': no further validation rules will be run due to call cost exceeds limit for rule: ${name}`);
      throw new OutOfBudget();
    }
    if (outcome.failure.startsWith('no such overload')) {
      refuse(`'${outcome.failure}': call arguments did not match a supported operator, function or macro signature for rule: ${name}`);
    } else refuse(`${outcome.failure} evaluating rule: ${name}`);
    return true;
  }

  #message(rule: ValidationRule, { message }: RulePrograms, variables: Variables, schema: Schema, field: string): string {
    const usual = rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
    if (!message) return usual;
    const outcome = outcomeOf(message, variables);
    const stop = (why: string): OutOfBudget => {
      this.errors.push(invalid(field, schema.type ?? '', why));
      return new OutOfBudget();
    };
    if (outcome.spent > this.#left) throw stop('messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run');
    if (outcome.isCancelled) throw stop(`no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(rule.messageExpression)}`);
    this.#left -= outcome.spent;
    const text = typeof outcome.value === 'string' ? outcome.value.trim() : '';
    return text === '' || text.includes('\n') || Buffer.byteLength(text) > messageBytesMax ? usual : text;
  }
}

interface Values {
  readonly self: Value;
  readonly oldSelf: Value | undefined;
}

type Outcome = { readonly spent: number } & (
  | { readonly value: Value; readonly failure?: undefined; readonly isCancelled?: false }
  | { readonly value: undefined; readonly failure: string; readonly isCancelled: boolean }
);

function outcomeOf(program: Program, variables: Variables): Outcome {
  const budget = new Budget(callCostMax);
  try {
    return { value: program.run(variables, budget), spent: budget.spent };
  } catch (error) {
    if (!(error instanceof EvaluationError) && !(error instanceof BudgetExceeded)) throw error;
    return { value: undefined, failure: error.message, isCancelled: error instanceof BudgetExceeded, spent: budget.spent };
  }
}

/** What the schema does not fit is only wrong for rules that look at it; null stands for it. */
function attempted(find: () => Value): Value {
  try {
    return find();
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

const nodeOf = (schema: Schema, rules: Schema): Node => ({ schema, rules, isResource: schema['x-kubernetes-embedded-resource'] === true });
const inner = (correlation: Correlation, pair: Pair | undefined): Correlation => (correlation.current ? { current: pair, parent: correlation.current } : correlation);

/** What kind of object it is may always be told anew. */
function memberOf(correlation: Correlation, name: string, pair: Pair | undefined): Correlation {
  const isKind = correlation.current && !correlation.parent && (name === 'apiVersion' || name === 'kind');
  return isKind ? { current: undefined, parent: undefined } : inner(correlation, pair);
}

const childPath = (path: string, below: string): string => (path === '' || below === '' ? path || below || noPath : `${path}.${below}`);

function failed({ reason }: ValidationRule, field: string, shown: { readonly value: unknown } | undefined, detail: string): FieldError {
  switch (reason) {
    case 'FieldValueForbidden': return forbidden(field, detail);
    case 'FieldValueRequired': return required(field, detail);
    case 'FieldValueDuplicate': return shown ? duplicate(field, shown.value) : { ...duplicate(field, ''), body: 'Duplicate value' };
    default: return shown ? invalid(field, shown.value, detail) : invalidUnprinted(field, detail);
  }
}
