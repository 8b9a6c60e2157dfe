/** What an expression gives, and what is wrong with it before it runs (cel-go's checker/checker.go). */
import { qualifiedName, type Call, type Expr, type Fold, type Ident, type Item, type ListExpr, type MapExpr, type Select, type StructExpr } from './ast.ts';
import type { Environment } from './environment.ts';
import type { Fault } from './expression-error.ts';
import { functionNamed } from './functions.ts';
import type { CelFunction, Overload } from './signatures.ts';
import {
  bool, dyn, errorType, int, isDyn, isDynOrError, isExactly, listOf, mapOf, namedTypes, optionalOf, param, printed, printedArguments, string, typeOf,
  type CelType,
} from './types.ts';
import { assignAll, fieldType, mostGeneral, renamed, substitute, toDyn, unwrapped, type Substitutions } from './unification.ts';
import { typeName, type Value } from './values.ts';

/** What is known of an expression once it is checked. */
export interface Checked {
  readonly expr: Expr;
  readonly type: CelType;
  typeOf(expr: Expr): CelType;
  /** The variable or type that a name, or names with dots, stand for; undefined for what is selected from a value. */
  nameOf(expr: Expr): string | undefined;
  /** The function of a call, and which of its overloads may be meant. */
  callOf(call: Call): ResolvedCall;
}

export interface ResolvedCall {
  readonly name: string;
  readonly of: CelFunction;
  readonly overloads: readonly Overload[];
  /** The target first, unless it was only a part of the function's name. */
  readonly args: readonly Expr[];
}

/** Reports what is wrong as `faults`. */
export function checkExpression(expr: Expr, environment: Environment, faults: Fault[]): Checked {
  const checker = new Checker(environment, faults);
  checker.check(expr);
  return checker.checked(expr);
}

type Scope = ReadonlyMap<string, CelType>;

const literalTypes: Readonly<Record<string, CelType>> = Object.fromEntries([...namedTypes].filter(([name]) => name !== 'list' && name !== 'map'));
const literalType = (value: Value): CelType => literalTypes[typeName(value)] ?? dyn;

class Checker {
  readonly #environment: Environment;
  readonly #faults: Fault[];
  readonly #types = new Map<Expr, CelType>();
  readonly #names = new Map<Expr, string>();
  readonly #calls = new Map<Call, ResolvedCall>();
  #substitutions: Substitutions = new Map();
  #scopes: readonly Scope[] = [];
  #parameters = 0;

  constructor(environment: Environment, faults: Fault[]) {
    this.#environment = environment;
    this.#faults = faults;
  }

  checked(expr: Expr): Checked {
    const types = new Map([...this.#types].map(([one, type]) => [one, toDyn(this.#substitutions, type)]));
    return {
      expr, type: types.get(expr) ?? dyn, typeOf: (one) => types.get(one) ?? dyn, nameOf: (one) => this.#names.get(one), callOf: (call) => this.#calls.get(call)!,
    };
  }

  check(expr: Expr): CelType {
    const type = this.#typeOf(expr);
    this.#types.set(expr, type);
    return type;
  }

  #typeOf(expr: Expr): CelType {
    switch (expr.kind) {
      case 'literal': return literalType(expr.value);
      case 'ident': return this.#ident(expr);
      case 'select': return this.#select(expr);
      case 'call': return this.#call(expr);
      case 'list': return this.#list(expr);
      case 'map': return this.#map(expr);
      case 'struct': return this.#struct(expr);
      case 'fold': return this.#fold(expr);
    }
  }

  #report(message: string, at: number): CelType {
    this.#faults.push({ message, at });
    return errorType;
  }

  #undeclared(name: string, at: number): CelType {
    return this.#report(`undeclared reference to '${name}' (in container '')`, at);
  }

  #resolved(type: CelType): CelType {
    return substitute(this.#substitutions, type);
  }

  #assign(from: readonly CelType[], to: readonly CelType[]): boolean {
    const found = assignAll(this.#substitutions, from, to);
    if (found) this.#substitutions = found;
    return found !== undefined;
  }

  #newParameter(): CelType {
    return param(`_var${this.#parameters++}`);
  }

  #local(name: string): CelType | undefined {
    return this.#scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  /** A variable of the environment, or the name of a type. */
  #global(name: string): CelType | undefined {
    const { variables } = this.#environment;
    const plain = name.replace(/^\./, '');
    if (Object.hasOwn(variables, plain)) return variables[plain];
    const type = namedTypes.get(plain);
    return type && typeOf(type.kind === 'type' ? undefined : type);
  }

  #ident(expr: Ident): CelType {
    const type = this.#local(expr.name) ?? this.#global(expr.name);
    if (!type) return this.#undeclared(expr.name, expr.at);
    this.#names.set(expr, expr.name);
    return type;
  }

  #select(expr: Select): CelType {
    const name = expr.test ? undefined : qualifiedName(expr);
    const known = name !== undefined && this.#local(name.split('.', 1)[0]!) === undefined ? this.#global(name) : undefined;
    if (known) {
      this.#names.set(expr, name!);
      return known;
    }
    const type = this.#field(expr, expr.operand, expr.field, false);
    return expr.test ? bool : this.#resolved(type);
  }

  #field(expr: Expr, operand: Expr, field: string, optional: boolean): CelType {
    const { type, isOptional } = unwrapped(this.#resolved(this.check(operand)));
    const found = this.#fieldOf(type, field, expr.at);
    return isOptional || optional ? optionalOf(found) : found;
  }

  #fieldOf(type: CelType, field: string, at: number): CelType {
    switch (type.kind) {
      case 'map': return type.params[1]!;
      case 'struct': return fieldType(type, field) ?? this.#report(type.fields ? `undefined field '${field}'` : `unexpected failed resolution of '${type.name}'`, at);
      case 'param': this.#assign([dyn], [type]); return dyn;
      default:
        if (!isDynOrError(type)) this.#report(`type '${printed(type)}' does not support field selection`, at);
        return dyn;
    }
  }

  #call(expr: Call): CelType {
    if (expr.name === '_?._') return this.#optionalSelect(expr);
    for (const arg of expr.args) this.check(arg);
    const prefix = expr.target && qualifiedName(expr.target);
    const qualified = prefix === undefined ? undefined : this.#function(`${prefix}.${expr.name}`);
    if (expr.target && !qualified) this.check(expr.target);
    const name = qualified ? `${prefix!}.${expr.name}` : expr.name.replace(/^\./, '');
    const of = qualified ?? this.#function(name);
    if (!of) return this.#undeclared(name, expr.at);
    return this.#resolveCall(expr, name, of, qualified ? undefined : expr.target);
  }

  /** Only expressions that make patches escape their paths. */
  #function(name: string): CelFunction | undefined {
    return name.startsWith('jsonpatch.') && !this.#environment.structs ? undefined : functionNamed(name);
  }

  #optionalSelect(expr: Call): CelType {
    const [operand, field] = expr.args as [Expr, Expr];
    const name = field.kind === 'literal' ? String(field.value) : '';
    const of = functionNamed(expr.name)!;
    this.#calls.set(expr, { name: expr.name, of, overloads: of.overloads, args: expr.args });
    this.#types.set(field, string);
    return this.#resolved(this.#field(expr, operand, name, true));
  }

  #resolveCall(expr: Call, name: string, of: CelFunction, target: Expr | undefined): CelType {
    const args = target ? [target, ...expr.args] : expr.args;
    const types = args.map((arg) => this.#types.get(arg)!);
    if (name === '_&&_' || name === '_||_') return this.#logical(expr, name, of, types);
    const found: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of of.overloads) {
      const { isMember, args: wanted, result: given } = overload.signature;
      if (isMember !== (target !== undefined)) continue;
      const fresh = renamed([given, ...wanted], () => this.#newParameter());
      if (!this.#assign(types, fresh.slice(1))) continue;
      found.push(overload);
      const type = this.#resolved(fresh[0]!);
      if (!result) result = type;
      else if (!isDyn(result) && !isExactly(type, result)) result = dyn;
    }
    if (!result) {
      const shown = types.map((type) => toDyn(this.#substitutions, type));
      return this.#report(`found no matching overload for '${name}' applied to '${printedArguments(shown, target !== undefined)}'`, expr.at);
    }
    this.#calls.set(expr, { name, of, overloads: found, args });
    return result;
  }

  #logical(expr: Call, name: string, of: CelFunction, types: readonly CelType[]): CelType {
    this.#calls.set(expr, { name, of, overloads: of.overloads, args: expr.args });
    let result: CelType = bool;
    types.forEach((type, i) => {
      if (!this.#assign([type], [bool])) result = this.#mismatch(bool, type, expr.args[i]!.at);
    });
    return result;
  }

  #mismatch(expected: CelType, found: CelType, at: number): CelType {
    return this.#report(`expected type '${printed(expected)}' but found '${printed(found)}'`, at);
  }

  /** The type of what an item adds; `?x` adds what `x` may hold. */
  #item({ value, optional }: Item): CelType {
    const type = this.check(value);
    if (!optional) return type;
    const { type: held, isOptional } = unwrapped(type);
    if (!isOptional && !isDyn(type)) this.#mismatch(optionalOf(type), type, value.at);
    return held;
  }

  /** What both are; things of different types are known only when it runs. */
  #joined(sofar: CelType | undefined, type: CelType): CelType {
    if (!sofar) return type;
    return this.#assign([sofar], [type]) ? mostGeneral(sofar, type) : dyn;
  }

  #list({ items }: ListExpr): CelType {
    let type: CelType | undefined;
    for (const item of items) type = this.#joined(type, this.#item(item));
    return listOf(type ?? this.#newParameter());
  }

  #map({ entries }: MapExpr): CelType {
    let keys: CelType | undefined;
    let values: CelType | undefined;
    for (const entry of entries) {
      keys = this.#joined(keys, this.check(entry.key));
      values = this.#joined(values, this.#item(entry));
    }
    return mapOf(keys ?? this.#newParameter(), values ?? this.#newParameter());
  }

  #struct({ type: name, fields, at }: StructExpr): CelType {
    const plain = name.replace(/^\./, '');
    const type = this.#environment.structs?.(plain);
    if (!type) return this.#noStruct(name, plain, fields, at);
    for (const field of fields) {
      const value = this.#item(field);
      const wanted = fieldType(type, field.name);
      if (wanted && this.#assign([wanted], [value])) continue;
      this.#report(`expected type of field '${field.name}' is '${wanted ? printed(wanted) : ''}' but provided type is '${printed(value)}'`, field.at);
    }
    return type;
  }

  #noStruct(name: string, plain: string, fields: StructExpr['fields'], at: number): CelType {
    if (!namedTypes.has(plain)) return this.#undeclared(name, at);
    for (const field of fields) this.#report(`undefined field '${field.name}'`, field.at);
    return this.#report(`'${plain}' is not a message type`, at);
  }

  #fold(expr: Fold): CelType {
    const range = this.#resolved(this.check(expr.range));
    const collected = this.check(expr.initial);
    const outer = this.#scopes;
    const inner = [...outer, new Map([[expr.accumulator, collected]])];
    const [first, second] = this.#itemTypes(range, expr);
    this.#scopes = [...inner, new Map([[expr.variable, first], ...(expr.second === undefined ? [] : [[expr.second, second] as const])])];
    const condition = this.check(expr.condition);
    if (!this.#assign([bool], [condition])) this.#mismatch(bool, condition, expr.condition.at);
    const step = this.check(expr.step);
    if (!this.#assign([collected], [step])) this.#mismatch(collected, step, expr.step.at);
    this.#scopes = inner;
    const result = this.check(expr.result);
    this.#scopes = outer;
    return this.#resolved(result);
  }

  #itemTypes(range: CelType, { range: at, second }: Fold): readonly [first: CelType, second: CelType] {
    const [first, value] = range.params;
    switch (range.kind) {
      case 'list': return second === undefined ? [first!, dyn] : [int, first!];
      case 'map': return [first!, value!];
      case 'dyn': case 'error': case 'param': this.#assign([dyn], [range]); return [dyn, dyn];
      default: {
        const text = `expression of type '${printed(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
        return [this.#report(text, at.at), errorType];
      }
    }
  }
}
