/** `format` of texts (cel-go's ext/formatting.go): `"%s has %d".format([name, n])`. */
import { quote } from '../../../lib/go-format.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { Duration, Timestamp } from '../times.ts';
import { ListValue, MapValue, printedDouble, typeName, TypeValue, Uint, type Value } from '../values.ts';

/** What an argument of a clause is called in a complaint, and what it may be. */
const clauses: Readonly<Record<string, readonly [takes: readonly string[], complaint: string]>> = {
  s: [
    ['list', 'map', 'int', 'uint', 'double', 'bool', 'string', 'google.protobuf.Timestamp', 'bytes', 'google.protobuf.Duration', 'type', 'null_type'],
    'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  ],
  d: [['int', 'uint'], 'decimal clause can only be used on integers'],
  f: [['double', 'string'], 'fixed-point clause can only be used on doubles'],
  e: [['double', 'string'], 'scientific clause can only be used on doubles'],
  b: [['int', 'uint', 'bool'], 'only integers and bools can be formatted as binary'],
  x: [['int', 'uint', 'string', 'bytes'], 'only integers, byte buffers, and strings can be formatted as hex'],
  o: [['int', 'uint'], 'octal clause can only be used on integers'],
};
const clauseOf = (verb: string): (typeof clauses)[string] => clauses[verb.toLowerCase()]!;

/** Why a type cannot stand in a clause; undefined when it can. */
export function clauseFault(verb: string, type: string): string | undefined {
  const [takes, complaint] = clauseOf(verb);
  return takes.includes(type) ? undefined : `${complaint}, was given ${type}`;
}

/**
 * The text with every clause replaced; `fill` gets the verb, the precision and the place of the argument. Throws EvaluationError for a
 * text that asks for what is not there.
 */
export function filled(template: string, available: number, fill: (verb: string, precision: number | undefined, index: number) => string): string {
  let index = 0;
  return template.replace(/%(?:%|(\.\d*)?(.?))/gs, (clause: string, precision: string | undefined, verb: string | undefined) => {
    if (clause === '%%') return '%';
    if (index >= available) throw new EvaluationError(`index ${index} out of range`);
    if (clause === '%') throw new EvaluationError('unexpected end of string');
    return fill(checkedVerb(precision, verb ?? ''), precision === undefined ? undefined : Number(precision.slice(1)), index++);
  });
}

function checkedVerb(precision: string | undefined, verb: string): string {
  const bad = (why: string): never => {
    throw new EvaluationError(`could not parse formatting clause: ${why}`);
  };
  if (verb === '') bad('error while parsing precision: could not find end of precision specifier');
  if (precision === '.') bad('error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax');
  return 'sdfebxXo'.includes(verb) ? verb : bad(`unrecognized formatting clause "${verb}"`);
}

/** Throws EvaluationError. */
export function formatText(template: string, args: readonly Value[]): string {
  return filled(template, args.length, (verb, precision = 6, index) => {
    const value = args[index]!;
    const fault = clauseFault(verb, typeName(value)) ?? (typeof value === 'string' ? notANumber(verb, value) : undefined);
    if (fault !== undefined) throw new EvaluationError(`error during formatting: ${fault}`);
    return formatted(verb, value, precision);
  });
}

/** Only the names of what JSON has no number for may stand for doubles. */
const notANumber = (verb: string, value: string): string | undefined =>
  ('fe'.includes(verb) && !['NaN', 'Infinity', '-Infinity'].includes(value) ? `${clauseOf(verb)[1]}, was given string` : undefined);

function formatted(verb: string, value: Value, precision: number): string {
  switch (verb) {
    case 's': return plain(value);
    case 'd': return String(value);
    case 'f': return fixedPoint(Number(value), precision);
    case 'e': return scientific(Number(value), precision);
    case 'b': return typeof value === 'boolean' ? String(Number(value)) : inBase(value, 2);
    case 'o': return inBase(value, 8);
    default: {
      const isText = typeof value === 'string' || value instanceof Uint8Array;
      const hex = isText ? Buffer.from(value as string).toString('hex') : inBase(value, 16);
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
  }
}

const inBase = (value: Value, base: number): string => (value instanceof Uint ? value.value : value as bigint).toString(base);

/** As in English: thousands stand apart. */
const fixedPoint = (value: number, precision: number): string =>
  (Number.isFinite(value) ? value.toLocaleString('en-US', { minimumFractionDigits: precision, maximumFractionDigits: precision, roundingMode: 'halfEven' } as Intl.NumberFormatOptions) : unbounded(value));

const unbounded = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞');
const raised: Readonly<Record<string, string>> = Object.fromEntries([...'0123456789-'].map((char, i) => [char, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁻'][i]!]));

/** Upstream takes the precision for a width. */
function scientific(value: number, width: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : unbounded(value).padStart(width, ' ');
  const [mantissa = '', power = '0'] = value.toExponential(6).split('e');
  const exponent = `${Number(power) < 0 ? '-' : ''}${String(Math.abs(Number(power))).padStart(2, '0')}`;
  return `${mantissa}×10${[...exponent].map((char) => raised[char]).join('')}`.padStart(width, ' ');
}

/** Number's own method gives up on large numbers. */
function withDecimals(value: number, decimals: number): string {
  return Math.abs(value) < 1e21 ? value.toFixed(decimals) : `${BigInt(value)}.${'0'.repeat(decimals)}`;
}

/** A value for reading. Inside of lists and maps values stand as they are written in CEL. */
function plain(value: Value): string {
  if (value instanceof ListValue) return `[${value.items.map(written).join(', ')}]`;
  if (value instanceof MapValue) return `{${value.keys.map((key) => `${written(key)}:${written(value.find(key)!)}`).sort().join(', ')}}`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return typeof value === 'number' ? printedDouble(value) : String(value);
}

function written(value: Value): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof Uint8Array) return `b${quote(Buffer.from(value).toString())}`;
  if (typeof value === 'number') return Number.isFinite(value) ? withDecimals(value, 6) : quote(printedDouble(value));
  if (value instanceof Timestamp) return `timestamp("${value.toString()}")`;
  if (value instanceof Duration) return `duration("${value.toString()}")`;
  if (value instanceof TypeValue || value instanceof Uint || value instanceof ListValue || value instanceof MapValue || typeof value !== 'object' || value === null) return plain(value);
  throw new EvaluationError(`error during formatting: no formatting function for ${typeName(value)}`);
}
