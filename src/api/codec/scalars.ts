/** How a JSON value becomes a scalar of the schema, in canonical form. `undefined` means not set. */
import type { ScalarKind } from '../../schema/meta.ts';
import { canonicalQuantity, QuantityError, quantityFromJson } from '../../schema/values/quantity.ts';
import { timeFromJson, TimeError } from '../../schema/values/time.ts';
import { DecodeError } from './decode-error.ts';
import { NumberText } from './json-tree.ts';
import type { Reading } from './reading.ts';
import { readUntyped } from './untyped.ts';

/** `like` is a canonical value of the same type; the parts of `value` that equal its parts come out as those very parts. */
export type Decode = (value: unknown, reading: Reading, like?: unknown) => unknown;

/** Scalars that need no other type. The JSONSchemaPropsOr… unions are in `decode.ts`. */
export function scalarDecoder(scalar: ScalarKind, goType: string): Decode {
  switch (scalar) {
    case 'string': return primitive('string', goType);
    case 'bool': return primitive('boolean', goType);
    case 'int32': return integer(int32Range, goType);
    case 'int64': return integer(int64Range, goType);
    case 'float64': return float(goType);
    case 'bytes': return base64(goType);
    case 'quantity': return quantity;
    case 'time': return time('Time');
    case 'microTime': return time('MicroTime');
    case 'intOrString': return intOrString;
    default: return readUntyped;
  }
}

/** The value of a scalar that is not a pointer and was not set. */
export function zeroOfScalar(scalar: ScalarKind): unknown {
  switch (scalar) {
    case 'string': return '';
    case 'bool': return false;
    case 'int32': case 'int64': case 'float64': case 'intOrString': return 0;
    case 'quantity': return '0';
    default: return null;
  }
}

const primitive = (type: 'string' | 'boolean', goType: string): Decode => (value, reading) => {
  if (typeof value === type) return value;
  return value === null ? undefined : reading.mismatch(value, goType);
};

const int32Range = { low: -(2n ** 31n), high: 2n ** 31n - 1n };
const int64Range = { low: -(2n ** 63n), high: 2n ** 63n - 1n };

const integer = (range: typeof int32Range, goType: string): Decode => (value, reading) => {
  if (value === null) return undefined;
  return integerOf(value, range) ?? reading.mismatch(value, goType, true);
};

function integerOf(value: unknown, { low, high }: typeof int32Range): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= Number(low) && value <= Number(high) ? value + 0 : undefined;
  if (!(value instanceof NumberText) || !/^-?\d+$/.test(value.text)) return undefined;
  const exact = BigInt(value.text);
  return exact >= low && exact <= high ? Number(exact) : undefined;
}

const float = (goType: string): Decode => (value, reading) => {
  if (value === null) return undefined;
  const number = value instanceof NumberText ? Number(value.text) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : reading.mismatch(value, goType, true);
};

/** To Go, a list of small numbers is a list of bytes, too. */
const byteOf = (item: unknown, reading: Reading): number =>
  (item === null ? 0 : integerOf(item, { low: 0n, high: 255n }) ?? reading.mismatch(item, 'uint8', true) ?? 0);

const base64 = (goType: string): Decode => (value, reading) => {
  if (value === null) return undefined;
  if (Array.isArray(value)) return Buffer.from(value.map((item) => byteOf(item, reading))).toString('base64');
  if (typeof value !== 'string') return reading.mismatch(value, goType);
  const wrongAt = base64ErrorAt(value);
  if (wrongAt >= 0) return reading.note(`illegal base64 data at input byte ${wrongAt}`);
  return /[\r\n]/.test(value) ? value.replaceAll(/[\r\n]/g, '') : value;
};

/** Where Go's decoder of padded standard base64 gives up, or -1 (encoding/base64.(*Encoding).decodeQuantum). */
export function base64ErrorAt(text: string): number {
  const bytes = Buffer.from(text);
  let inQuantum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const c = String.fromCharCode(bytes[at]!);
    if (c === '\n' || c === '\r') continue;
    if (c === '=') return paddingErrorAt(bytes.toString('latin1'), at, inQuantum);
    if (!/[A-Za-z0-9+/]/.test(c)) return at;
    inQuantum = (inQuantum + 1) % 4;
  }
  return inQuantum === 0 ? -1 : bytes.length - inQuantum;
}

function paddingErrorAt(text: string, first: number, inQuantum: number): number {
  if (inQuantum < 2) return first;
  let at = first + 1;
  const skipBreaks = () => {
    while (text[at] === '\n' || text[at] === '\r') at++;
  };
  if (inQuantum === 2) {
    skipBreaks();
    if (at >= text.length) return text.length;
    if (text[at] !== '=') return at - 1;
    at++;
  }
  skipBreaks();
  return at < text.length ? at : -1;
}

const quantity: Decode = (value) => {
  try {
    if (typeof value === 'string') return canonicalQuantity(value.trim());
    return quantityFromJson(value instanceof NumberText ? value.text : JSON.stringify(value)).canonical();
  } catch (error) {
    if (error instanceof QuantityError) throw new DecodeError(error.message);
    throw error;
  }
};

const time = (type: 'Time' | 'MicroTime'): Decode => (value, reading) => {
  if (value === null) return undefined;
  if (typeof value !== 'string') return reading.fatalMismatch(value, 'string');
  try {
    return timeFromJson(type, value) ?? undefined;
  } catch (error) {
    if (error instanceof TimeError) throw new DecodeError(error.message);
    throw error;
  }
};

const intOrString: Decode = (value, reading) => {
  if (typeof value === 'string') return value;
  if (value === null) return undefined;
  return integerOf(value, int32Range) ?? reading.fatalMismatch(value, 'int32', true);
};
