/** What the operators of CEL give for which types; nothing when they take no such types. */
import { bool, common, dyn, fits, isDyn, isList, type CelType } from './types.ts';

const numbers = ['int', 'uint', 'double'];
const comparable = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'google.protobuf.Timestamp', 'google.protobuf.Duration'];
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

export function resultOfOperator(symbol: string, a: CelType, b: CelType): CelType | undefined {
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

export const resultOfNegation = (of: CelType): CelType | undefined => (isDyn(of) || ['int', 'double'].includes(of.name) ? of : undefined);
