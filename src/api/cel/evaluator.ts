/**
 * The value of a checked expression, and what it costs to find it (cel-go's interpreter). Names and what is selected from them are
 * counted as cel-go's "attributes" are: one unit for the whole, and one for each step into it.
 */
import { fail, noOverload } from './arguments.ts';
import type { Call, Expr, Fold, Item } from './ast.ts';
import type { Checked } from './checker.ts';
import { listCost, mapCost, selectCost, structCost } from './cost.ts';
import { EvaluationError } from './evaluation-error.ts';
import { namedTypes } from './types.ts';
import {
  GrowingList, GrowingMap, ListValue, MapValue, OptionalValue, PlainList, PlainMap, printedValue, typeName, TypeValue, Uint, type Value,
} from './values.ts';

/** What one evaluation may cost, counted up. */
export class Budget {
  spent = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws BudgetExceeded. */
  spend(cost: number): void {
    this.spent += cost;
    if (this.spent > this.#most) throw new BudgetExceeded('operation cancelled: actual cost limit exceeded');
  }
}

/** Not an EvaluationError: no `||` gets over it. */
export class BudgetExceeded extends Error {}

export type Variables = Readonly<Record<string, Value>>;

/** A name's value, or why it has none; or how to find it, once. */
type Bound = { value: Value | EvaluationError } | { find: () => Value };

interface Scope {
  readonly names: Map<string, Bound>;
  readonly outer: Scope | undefined;
}

/** One step into a value: `.key`, `[key]`. */
interface Step {
  readonly key: Expr | string;
  readonly optional: boolean;
  /** Asks whether it is there. */
  readonly test: boolean;
}

/** `constants`: what of the expression is known beforehand, at no cost. Throws EvaluationError and BudgetExceeded. */
export function evaluate(checked: Checked, constants: ReadonlyMap<Expr, Value>, variables: Variables, budget: Budget): Value {
  return new Evaluator(checked, constants, variables, budget).value(checked.expr, undefined);
}

export class Evaluator {
  readonly #checked: Checked;
  readonly #constants: ReadonlyMap<Expr, Value>;
  readonly #variables: Variables;
  readonly #budget: Budget;

  constructor(checked: Checked, constants: ReadonlyMap<Expr, Value>, variables: Variables, budget: Budget) {
    this.#checked = checked;
    this.#constants = constants;
    this.#variables = variables;
    this.#budget = budget;
  }

  value(expr: Expr, scope: Scope | undefined): Value {
    const constant = this.#constants.get(expr);
    if (constant !== undefined) return constant;
    switch (expr.kind) {
      case 'literal': return expr.value;
      case 'ident': case 'select': return this.#attribute(expr, scope);
      case 'call': return isAttribute(expr) ? this.#attribute(expr, scope) : this.#call(expr, scope);
      case 'list': return this.#list(expr.items, scope);
      case 'map': return this.#map(expr.entries, scope);
      case 'struct': return this.#struct(expr.fields, scope);
      case 'fold': return this.#fold(expr, scope);
    }
  }

  #attribute(expr: Expr, scope: Scope | undefined): Value {
    const value = this.#resolve(expr, [], scope);
    if (!(expr.kind === 'select' && expr.test) && !startsAtChoice(expr, this.#checked)) this.#budget.spend(selectCost);
    return value;
  }

  /** The value of a name or of what is selected, with more steps to go. */
  #resolve(expr: Expr, steps: readonly Step[], scope: Scope | undefined): Value {
    const constant = this.#constants.get(expr);
    if (constant !== undefined) return this.#follow(constant, steps, scope);
    const name = this.#checked.nameOf(expr);
    if (name !== undefined) return this.#follow(this.#named(name, scope), steps, scope);
    if (expr.kind === 'select') return this.#resolve(expr.operand, [{ key: expr.field, optional: false, test: expr.test }, ...steps], scope);
    if (expr.kind !== 'call' || !isAttribute(expr)) return this.#follow(this.value(expr, scope), steps, scope);
    const [first, second, third] = expr.args as [Expr, Expr, Expr];
    if (expr.name !== '_?_:_') return this.#resolve(first, [{ key: second, optional: expr.name !== '_[_]', test: false }, ...steps], scope);
    const test = this.value(first, scope);
    return this.#resolve(typeof test === 'boolean' ? (test ? second : third) : noOverload(), steps, scope);
  }

  #named(name: string, scope: Scope | undefined): Value {
    for (let at = name.startsWith('.') ? undefined : scope; at; at = at.outer) {
      const bound = at.names.get(name);
      if (bound) return found(at.names, name, bound);
    }
    const plain = name.replace(/^\./, '');
    if (Object.hasOwn(this.#variables, plain)) return this.#variables[plain]!;
    return namedTypes.has(plain) ? new TypeValue(plain) : fail(`no such attribute(s): ${plain}`);
  }

  /** Once one step may lead nowhere, so may all that follow, and the result is optional. */
  #follow(start: Value, steps: readonly Step[], scope: Scope | undefined): Value {
    let isOptional = false;
    let value = start;
    if (steps.length > 0 && start instanceof OptionalValue) {
      if (!start.hasValue) return steps.at(-1)!.test ? false : start;
      isOptional = true;
      value = start.value;
    }
    for (const { key, optional, test } of steps) {
      const place = typeof key === 'string' ? key : this.#key(key, scope);
      isOptional ||= optional;
      const there = lookUp(value, place);
      if (test || there !== undefined || !isOptional) this.#budget.spend(selectCost);
      if (test) return there !== undefined;
      if (there === undefined) return !isOptional ? missing(value, place) : steps.at(-1)!.test ? false : OptionalValue.none;
      value = there;
    }
    return isOptional ? OptionalValue.of(value) : value;
  }

  /** Steps by a name cost what the name costs, without the unit for the whole. */
  #key(expr: Expr, scope: Scope | undefined): Value {
    return isAttribute(expr) ? this.#resolve(expr, [], scope) : this.value(expr, scope);
  }

  #call(expr: Call, scope: Scope | undefined): Value {
    const { name, of, overloads, args } = this.#checked.callOf(expr);
    switch (name) {
      case '_&&_': return this.#logical(false, args, scope);
      case '_||_': return this.#logical(true, args, scope);
      case '@not_strictly_false': return this.#notStrictlyFalse(args[0]!, scope);
      case 'or': case 'orValue': return this.#otherwise(name === 'orValue', args, scope);
      default:
    }
    const values = args.map((arg) => this.value(arg, scope));
    if (patterned.has(name) && args[1]?.kind === 'literal' && typeof values[0] !== 'string') noOverload();
    if (name === '@in' && this.#constants.has(args[1]!) && overloads.length === 1 && isSet(values[1]!)) return overloads[0]!.run(...values);
    const [only, ...others] = overloads;
    const overload = others.length === 0 ? only : of.dispatches ? undefined : of.overloads.find((one) => one.takes(values));
    const runs = of.dispatches ? of.overloads[0]! : overload;
    if (!runs || (!of.dispatches && !runs.takes(values))) fail(`no such overload: ${name}(${values.map(typeName).join(', ')})`);
    const result = runs!.run(...values);
    const cost = (of.dispatches ? (others.length === 0 ? only : undefined) : overload)?.cost;
    this.#budget.spend(cost && (others.length === 0 || cost.anyOverload) ? cost.actual(values, result) : 1);
    return result;
  }

  /** One side may fail when the other decides. */
  #logical(deciding: boolean, args: readonly Expr[], scope: Scope | undefined): Value {
    let failure: EvaluationError | undefined;
    for (const arg of args) {
      const value = attempted(() => this.value(arg, scope));
      if (value === deciding) return deciding;
      if (value !== !deciding) failure ??= value instanceof EvaluationError ? value : new EvaluationError('no such overload');
    }
    if (failure) throw failure;
    return !deciding;
  }

  #notStrictlyFalse(arg: Expr, scope: Scope | undefined): Value {
    const value = attempted(() => this.value(arg, scope));
    this.#budget.spend(1);
    return value !== false;
  }

  #otherwise(unwraps: boolean, [first, second]: readonly Expr[], scope: Scope | undefined): Value {
    const value = this.value(first!, scope);
    if (!(value instanceof OptionalValue)) return value;
    if (!value.hasValue) return this.value(second!, scope);
    return unwraps ? value.value : value;
  }

  #list(items: readonly Item[], scope: Scope | undefined): Value {
    const values = items.flatMap(({ value, optional }) => present(this.value(value, scope), optional, 'list element'));
    this.#budget.spend(listCost);
    return new PlainList(values);
  }

  #map(entries: readonly (Item & { readonly key: Expr })[], scope: Scope | undefined): Value {
    const map = new PlainMap();
    for (const { key, value, optional } of entries) {
      const place = this.value(key, scope);
      for (const one of present(this.value(value, scope), optional, `entry '${printedValue(place)}'`)) map.set(place, one);
    }
    this.#budget.spend(mapCost);
    return map;
  }

  #struct(fields: readonly (Item & { readonly name: string })[], scope: Scope | undefined): Value {
    const entries = fields.flatMap(({ name, value, optional }) => present(this.value(value, scope), optional, `entry '${name}'`).map((one) => [name, one] as const));
    this.#budget.spend(structCost);
    return new PlainMap(entries);
  }

  #fold({ range: over, variable, second, accumulator, initial, condition, step, result }: Fold, scope: Scope | undefined): Value {
    const collected: Bound = { find: () => growing(this.value(initial, scope)) };
    const outer: Scope = { names: new Map([[accumulator, collected]]), outer: scope };
    for (const [first, value] of entriesOf(this.value(over, scope), second !== undefined)) {
      const names = new Map<string, Bound>([[variable, { value: first }], ...(second === undefined ? [] : [[second, { value }] as const])]);
      const inner: Scope = { names, outer };
      if (attempted(() => this.value(condition, inner)) === false) break;
      const next = attempted(() => this.value(step, inner));
      outer.names.set(accumulator, { value: next });
    }
    return this.value(result, outer);
  }
}

function found(names: Map<string, Bound>, name: string, bound: Bound): Value {
  if ('find' in bound) {
    const value = attempted(bound.find);
    names.set(name, { value });
    return known(value);
  }
  return known(bound.value);
}

function known(value: Value | EvaluationError): Value {
  if (value instanceof EvaluationError) throw value;
  return value;
}

function attempted(find: () => Value): Value | EvaluationError {
  try {
    return find();
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
}

/** Functions that have their pattern ready when it is written out. */
const patterned = new Set(['matches', 'find', 'findAll']);
const attributes = new Set(['_[_]', '_[?_]', '_?._', '_?_:_']);
const isAttribute = (expr: Expr): boolean => expr.kind === 'ident' || expr.kind === 'select' || (expr.kind === 'call' && attributes.has(expr.name));

/** Do the steps start at a choice between two? */
function startsAtChoice(expr: Expr, checked: Checked): boolean {
  if (checked.nameOf(expr) !== undefined) return false;
  if (expr.kind === 'select') return startsAtChoice(expr.operand, checked);
  return expr.kind === 'call' && attributes.has(expr.name) && (expr.name === '_?_:_' || startsAtChoice(expr.args[0]!, checked));
}

/** Undefined where there is nothing. */
function lookUp(of: Value, key: Value): Value | undefined {
  if (of instanceof MapValue) return of.find(key);
  return of instanceof ListValue ? of.at(indexOf(key), key) : undefined;
}

function indexOf(key: Value): number {
  if (typeof key === 'bigint') return Number(key);
  if (key instanceof Uint) return Number(key.value);
  if (typeof key === 'number') return Number.isInteger(key) ? key : fail(`unsupported index value ${printedValue(key)} in list`);
  return fail(`unsupported index type '${typeName(key)}' in list`);
}

const missing = (of: Value, key: Value): never => fail(`${of instanceof ListValue ? 'index out of bounds' : 'no such key'}: ${printedValue(key)}`);

/** The item of a list or the value of an entry, unless it is one that may be left out and is. */
function present(value: Value, optional: boolean, what: string): Value[] {
  if (!optional) return [value];
  if (value instanceof OptionalValue) return value.hasValue ? [value.value] : [];
  return fail(`cannot initialize optional ${what} from non-optional value ${printedValue(value)}`);
}

/** Empty lists and maps that a macro starts with are its own. */
function growing(value: Value): Value {
  if (value instanceof ListValue && value.size === 0) return new GrowingList();
  return value instanceof MapValue && value.size === 0 ? new GrowingMap() : value;
}

/** Single variables stand for the items of a list or the keys of a map. */
function entriesOf(range: Value, isPair: boolean): readonly (readonly [first: Value, second: Value])[] {
  if (range instanceof ListValue) return range.items.map((item, i) => (isPair ? [BigInt(i), item] : [item, item]));
  if (range instanceof MapValue) return range.keys.map((key) => [key, range.find(key)!]);
  return fail(`got '${goName(range)}', expected iterable type`);
}

/** The name of a value's type in Go. */
function goName(value: Value): string {
  const [name = ''] = /\w+$/.exec(typeName(value).replace('_type', ''))!;
  return `${value instanceof OptionalValue ? '*' : ''}types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** A constant list that is looked up in at no cost. */
const isSet = (list: Value): boolean => list instanceof ListValue && list.items.every((item) => item === null || item instanceof Uint || (typeof item !== 'object'));
