/**
 * What an expression gives, and what is wrong with it before it runs (cel-go's checker). It knows the types of names, operators and
 * macros; of functions only whether they exist and what they give.
 */
import type { Expression, Fault } from './expression.ts';
import { fieldName } from './evaluate.ts';
import { libraries, resultOf } from './function-types.ts';
import { typeNames } from './type-value.ts';
import { resultOfNegation, resultOfOperator } from './operators.ts';
import {
  bool, common, dyn, fits, int, isDyn, isList, listOf, mapOf, optionalOf, printed, typeOfType, type CelType,
} from './types.ts';

/**
 * What an expression may refer to. `a.b` stands for a name of two parts, `A{}` for the objects that may be written out, and
 * `cel.bind` allows that macro.
 */
export type Names = Readonly<Record<string, CelType>>;
type Of<Op extends Expression['op']> = Extract<Expression, { op: Op }>;

const tests = ['all', 'exists', 'exists_one', 'existsOne'];

/** The type of an expression. Faults are added to the list; where there is one, anything may be. */
export function typeOf(expression: Expression, names: Names, faults: Fault[]): CelType {
  const inner = (one: Expression): CelType => typeOf(one, names, faults);
  switch (expression.op) {
    case 'literal': return { name: expression.type };
    case 'name': return typeOfName(expression, names, faults);
    case 'select': return typeOfSelect(expression, names, faults);
    case 'has': typeOfSelect(expression, names, faults); return bool;
    case 'maybe': return inner(expression.of).held ?? dyn;
    case 'otherwise': return typeOfOtherwise(expression, names, faults);
    case 'not': return operator('!_', expression.at, [inner(expression.of)], (of) => (fits(of!, bool) ? bool : undefined), faults);
    case 'negate': return operator('-_', expression.at, [inner(expression.of)], (of) => resultOfNegation(of!), faults);
    case 'index': return typeOfIndex(expression, names, faults);
    case 'list': return listOf(elements(expression.items, inner, faults));
    case 'map': return mapOf(elements(expression.entries.map(([key]) => key), inner, faults), elements(expression.entries.map(([, value]) => value), inner, faults));
    case 'object': return typeOfObject(expression, names, faults);
    case 'binary': return typeOfBinary(expression, names, faults);
    case 'conditional': {
      const [test, then, otherwise] = [inner(expression.test), inner(expression.then), inner(expression.otherwise)];
      return operator('_?_:_', expression.at, [test, then, otherwise], () => (fits(test, bool) ? common(then, otherwise) : undefined), faults);
    }
    case 'call': return typeOfCall(expression, names, faults);
    case 'macro': return typeOfMacro(expression, names, faults);
  }
}

function typeOfName({ name, at }: Of<'name'>, names: Names, faults: Fault[]): CelType {
  if (Object.hasOwn(names, name)) return names[name]!;
  if (typeNames.has(name)) return typeOfType({ name });
  faults.push({ message: `undeclared reference to '${name}' (in container '')`, at });
  return dyn;
}

function typeOfSelect(expression: Of<'select' | 'has'>, names: Names, faults: Fault[]): CelType {
  const { of, field, at } = expression;
  if (of.op === 'name' && Object.hasOwn(names, `${of.name}.${field}`)) return names[`${of.name}.${field}`]!;
  const from = typeOf(of, names, faults);
  const found = member(from.held ?? from, field, at, faults);
  return from.held || (expression.op === 'select' && expression.optional) ? optionalOf(found) : found;
}

function member(type: CelType, field: string, at: number, faults: Fault[]): CelType {
  if (isDyn(type)) return dyn;
  if (type.keys) return type.items!;
  const name = fieldName(field);
  if (type.fields && Object.hasOwn(type.fields, name)) return type.fields[name]!;
  faults.push({ message: type.fields ? `undefined field '${field}'` : `type '${printed(type)}' does not support field selection`, at });
  return dyn;
}

/** `a.or(b)` is optional itself, `a.orValue(b)` is what it holds. */
function typeOfOtherwise({ of, alternative, unwraps, at }: Of<'otherwise'>, names: Names, faults: Fault[]): CelType {
  const [first, second] = [typeOf(of, names, faults), typeOf(alternative, names, faults)];
  const name = unwraps ? 'orValue' : 'or';
  const type = isDyn(first) || !first.held ? dyn : common(unwraps ? first.held : first, second);
  if (!type) faults.push({ message: `found no matching overload for '${name}' applied to '${printed(first)}.(${printed(second)})'`, at });
  return type ?? dyn;
}

/** Applies an operator or says that it takes no such types. */
function operator(
  symbol: string, at: number, args: readonly CelType[], result: (...args: readonly CelType[]) => CelType | undefined, faults: Fault[],
): CelType {
  const type = result(...args);
  if (type) return type;
  faults.push({ message: `found no matching overload for '${symbol}' applied to '(${args.map(printed).join(', ')})'`, at });
  return dyn;
}

function typeOfIndex({ of, index, at, optional }: Of<'index'>, names: Names, faults: Fault[]): CelType {
  const from = typeOf(of, names, faults);
  const type = operator('_[_]', at, [from.held ?? from, typeOf(index, names, faults)], (list, key) => {
    if (isDyn(list!)) return dyn;
    return list!.items && fits(list!.keys ?? int, key!) ? list!.items : undefined;
  }, faults);
  return from.held || optional ? optionalOf(type) : type;
}

/** All items of a list are of one type. */
function elements(items: readonly Expression[], inner: (one: Expression) => CelType, faults: Fault[]): CelType {
  const [type = dyn, ...others] = items.map(inner);
  others.forEach((other, i) => {
    if (other.name !== type.name) faults.push({ message: `expected type '${printed(type)}' but found '${printed(other)}'`, at: items[i + 1]!.at });
  });
  return type;
}

function typeOfBinary({ operator: symbol, left, right, at }: Of<'binary'>, names: Names, faults: Fault[]): CelType {
  const types = [typeOf(left, names, faults), typeOf(right, names, faults)] as const;
  if (symbol === '&&' || symbol === '||') {
    types.forEach((type, i) => {
      if (!fits(type, bool)) faults.push({ message: `expected type 'bool' but found '${printed(type)}'`, at: [left, right][i]!.at });
    });
    return bool;
  }
  return operator(symbol === 'in' ? '@in' : `_${symbol}_`, at, types, (a, b) => resultOfOperator(symbol, a!, b!), faults);
}

function typeOfObject({ type, fields, at }: Of<'object'>, names: Names, faults: Fault[]): CelType {
  const name = dotted(type);
  const values = fields.map(({ value }) => typeOf(value, names, faults));
  const known = names[`${name.split('.')[0]!}{}`];
  if (!known || (known.fields && known.name !== name)) {
    faults.push({ message: `undeclared reference to '${name}' (in container '')`, at });
    return dyn;
  }
  fields.forEach((field, i) => {
    if (!known.fields || Object.hasOwn(known.fields, field.name)) return;
    faults.push({ message: `expected type of field '${field.name}' is '' but provided type is '${printed(values[i]!)}'`, at: field.at });
  });
  return { ...known, name };
}

const dotted = (type: Expression): string => (type.op === 'select' ? `${dotted(type.of)}.${type.field}` : type.op === 'name' ? type.name : '');

function typeOfCall({ name, target, args, at }: Of<'call'>, names: Names, faults: Fault[]): CelType {
  const [variable, value, inside] = args;
  if (target?.op === 'name' && `${target.name}.${name}` === 'cel.bind' && Object.hasOwn(names, 'cel.bind') && variable?.op === 'name' && inside) {
    return typeOf(inside, { ...names, [variable.name]: typeOf(value!, names, faults) }, faults);
  }
  const isLibrary = target?.op === 'name' && libraries.has(target.name) && !Object.hasOwn(names, target.name);
  const of = target && !isLibrary ? typeOf(target, names, faults) : undefined;
  const type = resultOf(name, of, args.map((arg) => {
    // What is printed may be of many types.
    if (name !== 'format' || arg.op !== 'list') return typeOf(arg, names, faults);
    for (const item of arg.items) typeOf(item, names, faults);
    return listOf(dyn);
  }));
  if (typeof type !== 'string') return type;
  faults.push({ message: type, at });
  return dyn;
}

function typeOfMacro(expression: Of<'macro'>, names: Names, faults: Fault[]): CelType {
  const { name, of, variables: [first = '', second], body, at } = expression;
  const range = typeOf(of, names, faults);
  if (name === 'optMap' || name === 'optFlatMap') {
    const type = typeOf(body[0]!, { ...names, [first]: range.held ?? dyn }, faults);
    return name === 'optMap' ? optionalOf(type) : type;
  }
  if (range.name !== 'dyn' && !range.items) {
    faults.push({ message: `expression of type '${printed(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`, at: of.at });
  }
  const item = range.keys ?? range.items ?? dyn;
  const place = range.keys ?? (isList(range) ? int : dyn);
  const inside: Names = second === undefined ? { ...names, [first]: item } : { ...names, [first]: place, [second]: range.items ?? dyn };
  const types = body.map((one) => typeOf(one, inside, faults));
  const [test] = types as [CelType];
  if (tests.includes(name)) {
    if (!fits(test, bool)) faults.push({ message: `expected type 'bool' but found '${printed(test)}'`, at: body[0]!.at });
    return bool;
  }
  const result = resultOfMacro(name, range, place, name === 'filter' ? item : types.at(-1)!);
  if (name === 'filter' || types.length > 1) return operator('_?_:_', at, [test, result, result], () => (fits(test, bool) ? result : undefined), faults);
  return result;
}

function resultOfMacro(name: string, range: CelType, place: CelType, value: CelType): CelType {
  switch (name) {
    case 'transformMap': return mapOf(place, value);
    case 'transformMapEntry': return value;
    case 'sortBy': return range;
    default: return listOf(value);
  }
}
