/**
 * What an expression gives, and what is wrong with it before it runs (cel-go's checker). It knows the types of names, operators and
 * macros; of functions only whether they exist and what they give.
 */
import type { Expression, Fault } from './expression.ts';
import { fieldName } from './evaluate.ts';
import { libraries, resultOf } from './function-types.ts';
import { bool, common, dyn, fits, int, isDyn, isList, listOf, mapOf, printed, type CelType } from './types.ts';

/**
 * What an expression may refer to. `a.b` stands for a name of two parts, `A{}` for the objects that may be written out, and
 * `cel.bind` allows that macro.
 */
export type Names = Readonly<Record<string, CelType>>;
type Of<Op extends Expression['op']> = Extract<Expression, { op: Op }>;

const numbers = ['int', 'uint', 'double'];
const comparable = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'google.protobuf.Timestamp', 'google.protobuf.Duration', 'kubernetes.Quantity'];
/** The types that an operator takes on both sides. */
const operands: Readonly<Record<string, readonly string[]>> = {
  '+': [...numbers, 'string', 'bytes', 'google.protobuf.Duration'], '-': [...numbers, 'google.protobuf.Duration'],
  '*': numbers, '/': numbers, '%': ['int', 'uint'],
};
/** Two types of time give a third. */
const times: Readonly<Record<string, string>> = {
  'Timestamp+Duration': 'Timestamp', 'Duration+Timestamp': 'Timestamp', 'Timestamp-Timestamp': 'Duration', 'Timestamp-Duration': 'Timestamp',
};
const prefix = 'google.protobuf.';

/** The type of an expression. Faults are added to the list; where there is one, anything may be. */
export function typeOf(expression: Expression, names: Names, faults: Fault[]): CelType {
  const inner = (one: Expression): CelType => typeOf(one, names, faults);
  switch (expression.op) {
    case 'literal': return { name: expression.type };
    case 'name': return typeOfName(expression, names, faults);
    case 'select': return typeOfSelect(expression, names, faults);
    case 'has': inner(expression.of); return bool;
    case 'maybe': inner(expression.of); return dyn;
    case 'otherwise': inner(expression.of); inner(expression.alternative); return dyn;
    case 'not': return operator('!_', expression.at, [inner(expression.of)], (of) => (fits(of!, bool) ? bool : undefined), faults);
    case 'negate':
      return operator('-_', expression.at, [inner(expression.of)], (of) => (isDyn(of!) || ['int', 'double'].includes(of!.name) ? of : undefined), faults);
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
  faults.push({ message: `undeclared reference to '${name}' (in container '')`, at });
  return dyn;
}

function typeOfSelect({ of, field, at }: Of<'select'>, names: Names, faults: Fault[]): CelType {
  if (of.op === 'name' && Object.hasOwn(names, `${of.name}.${field}`)) return names[`${of.name}.${field}`]!;
  const type = typeOf(of, names, faults);
  if (isDyn(type)) return dyn;
  if (type.keys) return type.items!;
  const name = fieldName(field);
  if (!type.fields) faults.push({ message: `type '${printed(type)}' does not support field selection`, at });
  else if (Object.hasOwn(type.fields, name)) return type.fields[name]!;
  else faults.push({ message: `undefined field '${field}'`, at });
  return dyn;
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

function typeOfIndex({ of, index, at }: Of<'index'>, names: Names, faults: Fault[]): CelType {
  return operator('_[_]', at, [typeOf(of, names, faults), typeOf(index, names, faults)], (from, key) => {
    if (isDyn(from!)) return dyn;
    return from!.items && fits(from!.keys ?? int, key!) ? from!.items : undefined;
  }, faults);
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

function resultOfOperator(symbol: string, a: CelType, b: CelType): CelType | undefined {
  switch (symbol) {
    case '==': case '!=': return fits(a, b) ? bool : undefined;
    case 'in': return isDyn(b) || (b.items && fits(a, b.keys ?? b.items)) ? bool : undefined;
    case '<': case '<=': case '>': case '>=': {
      const both = [a, b].every((type) => isDyn(type) || comparable.includes(type.name));
      return both && (fits(a, b) || [a, b].every(({ name }) => numbers.includes(name))) ? bool : undefined;
    }
    default: return resultOfArithmetic(symbol, a, b);
  }
}

function resultOfArithmetic(symbol: string, a: CelType, b: CelType): CelType | undefined {
  const time = times[`${a.name.replace(prefix, '')}${symbol}${b.name.replace(prefix, '')}`];
  if (time) return { name: prefix + time };
  const known = isDyn(a) ? b : a;
  if (isDyn(known) || (isDyn(a) !== isDyn(b) && known.name.startsWith(prefix))) return dyn;
  if (symbol === '+' && isList(known) && fits(a, b)) return common(a, b) === dyn ? known : common(a, b);
  return fits(a, b) && operands[symbol]!.includes(known.name) ? known : undefined;
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
  for (const arg of args) typeOf(arg, names, faults);
  const type = resultOf(name, of);
  if (!type) faults.push({ message: `undeclared reference to '${name}' (in container '')`, at });
  return type ?? dyn;
}

function typeOfMacro({ name, of, variables, body }: Of<'macro'>, names: Names, faults: Fault[]): CelType {
  const range = typeOf(of, names, faults);
  const isOptional = name === 'optMap' || name === 'optFlatMap';
  if (!isOptional && range.name !== 'dyn' && !range.items) {
    faults.push({ message: `expression of type '${printed(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`, at: of.at });
  }
  const [first = '', second] = variables;
  const item = isOptional ? dyn : range.keys ?? range.items ?? dyn;
  const inside: Names = second === undefined ? { ...names, [first]: item }
    : { ...names, [first]: range.keys ?? (isList(range) ? int : dyn), [second]: range.items ?? dyn };
  const types = body.map((one) => typeOf(one, inside, faults));
  const isTest = ['all', 'exists', 'exists_one', 'existsOne', 'filter'].includes(name);
  if (isTest || types.length > 1) {
    if (!fits(types[0]!, bool)) faults.push({ message: `expected type 'bool' but found '${printed(types[0]!)}'`, at: body[0]!.at });
  }
  switch (name) {
    case 'filter': return isDyn(range) ? listOf(dyn) : listOf(item);
    case 'map': case 'transformList': return listOf(types.at(-1)!);
    case 'transformMap': return mapOf(range.keys ?? (isList(range) ? int : dyn), types.at(-1)!);
    case 'transformMapEntry': return types.at(-1)!;
    case 'sortBy': return range;
    default: return isTest ? bool : dyn;
  }
}

