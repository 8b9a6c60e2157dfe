/** Types of CEL, as cel-go's checker has them. */

export interface CelType {
  /** As printed: `int`, `list(string)`, `kubernetes.UserInfo`. */
  readonly name: string;
  /** Of a list, and the values of a map. */
  readonly items?: CelType;
  /** Of a map. */
  readonly keys?: CelType;
  readonly fields?: Readonly<Record<string, CelType>>;
  /** Of an optional value. */
  readonly held?: CelType;
}

const simple = (name: string): CelType => ({ name });
/** Anything, known only when it runs. */
export const dyn = simple('dyn');
/** The same, in a message: it prints under another name. */
export const anyValue = simple('google.protobuf.Any');
export const bool = simple('bool');
export const bytes = simple('bytes');
export const double = simple('double');
export const duration = simple('google.protobuf.Duration');
export const int = simple('int');
export const nullType = simple('null_type');
export const string = simple('string');
export const timestamp = simple('google.protobuf.Timestamp');
export const uint = simple('uint');
export const listOf = (items: CelType): CelType => ({ name: `list(${items.name})`, items });
export const mapOf = (keys: CelType, values: CelType): CelType => ({ name: `map(${keys.name}, ${values.name})`, keys, items: values });
export const objectOf = (name: string, fields: Readonly<Record<string, CelType>>): CelType => ({ name, fields });

export const optionalOf = (held: CelType): CelType => ({ name: `optional_type(${held.name})`, held });
/** The type of a type, as `int` is one. */
export const typeOfType = ({ name }: CelType): CelType => simple(`type(${name})`);
const isTypeOfType = ({ name }: CelType): boolean => name.startsWith('type(');

export const isDyn = ({ name }: CelType): boolean => name === 'dyn' || name === anyValue.name;
export const isList = ({ items, keys }: CelType): boolean => items !== undefined && keys === undefined;

/** A type as complaints about it print it. */
export const printed = ({ name }: CelType): string =>
  name.replace(/google\.protobuf\.(\w+)/g, (_, known: string) => known.toLowerCase()).replaceAll('null_type', 'null');

/** Whether values of both types may stand in one place. */
export function fits(a: CelType, b: CelType): boolean {
  if (isDyn(a) || isDyn(b) || a.name === b.name) return true;
  if (isTypeOfType(a) && isTypeOfType(b)) return true;
  if (a.held && b.held) return fits(a.held, b.held);
  if (a.items && b.items && isList(a) === isList(b)) return fits(a.items, b.items) && (isList(a) || fits(a.keys!, b.keys!));
  return (a.name === 'null_type' && isNullable(b)) || (b.name === 'null_type' && isNullable(a));
}

const isNullable = ({ name, fields }: CelType): boolean => fields !== undefined || name.startsWith('google.protobuf.') || name.startsWith('kubernetes.');

/** What both are; undefined when they do not fit. */
export function common(a: CelType, b: CelType): CelType | undefined {
  if (!fits(a, b)) return undefined;
  if (isDyn(a) || isDyn(b)) return a.name === 'dyn' || b.name === 'dyn' ? dyn : anyValue;
  if (a.held && b.held) return optionalOf(common(a.held, b.held)!);
  if (a.items && b.items) return isList(a) ? listOf(common(a.items, b.items)!) : mapOf(common(a.keys!, b.keys!)!, common(a.items, b.items)!);
  return a.name === 'null_type' ? b : a;
}
