/** From one type to another (the ConvertToType methods of cel-go's common/types). */
import { fail } from '../arguments.ts';
import { fixed, perCharacter, scaled, type Cost, type Operand } from '../cost.ts';
import { overloads, singleton, type FunctionTable } from '../signatures.ts';
import { Duration, Timestamp } from '../times.ts';
import { printedDouble, sizeOf, typeName, TypeValue, Uint, type Value } from '../values.ts';

const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };
const uint64Max = 2n ** 64n - 1n;
const same = (value: Value | undefined): Value => value!;

/** `parse` gives undefined for what is not read. */
const fromText = (type: string, parse: (text: string) => Value | undefined) => (value: Value | undefined): Value =>
  parse(value as string) ?? fail(`type conversion error from 'string' to '${type}'`);

function parsedInt(text: string): bigint | undefined {
  const value = /^[-+]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  return value === undefined || value < int64.least || value > int64.most ? undefined : value;
}

function parsedUint(text: string): Uint | undefined {
  const value = /^\d+$/.test(text) ? BigInt(text) : undefined;
  return value === undefined || value > uint64Max ? undefined : new Uint(value);
}

function parsedDouble(text: string): number | undefined {
  const named = /^([-+]?)(inf|infinity|nan)$/i.exec(text);
  if (named) return /nan/i.test(named[2]!) ? NaN : named[1] === '-' ? -Infinity : Infinity;
  const isNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

const truths: Readonly<Record<string, boolean>> = {
  1: true, t: true, T: true, true: true, TRUE: true, True: true, 0: false, f: false, F: false, false: false, FALSE: false, False: false,
};
const parsedBool = (text: string): boolean | undefined => (Object.hasOwn(truths, text) ? truths[text] : undefined);

function intOfDouble(value: number): bigint {
  return !Number.isFinite(value) || value <= -(2 ** 63) || value >= 2 ** 63 ? fail('integer overflow') : BigInt(Math.trunc(value));
}

function uintOfDouble(value: number): Uint {
  return !Number.isFinite(value) || value < 0 || value >= 2 ** 64 ? fail('unsigned integer overflow') : new Uint(BigInt(Math.trunc(value)));
}

function textOfBytes(value: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch {
    return fail('invalid UTF-8 in bytes, cannot convert to string');
  }
}

/** Goes over all of it; characters and bytes are not of one number. */
const recoding = (resize: (operand: Operand) => NonNullable<ReturnType<Cost['estimate']>['size']>): Cost => ({
  estimate: ([operand]) => ({ cost: scaled(operand!.size, perCharacter), size: resize(operand!) }),
  actual: ([value]) => Math.ceil(sizeOf(value!) * perCharacter),
});
const toBytes = recoding(({ size }) => ({ least: size.least, most: BigInt.asUintN(64, size.most * 4n) }));
const toText = recoding(({ size }) => ({ least: size.least / 4n, most: size.most }));

const secondsOfInt = (value: Value | undefined): Timestamp => new Timestamp((value as bigint) * 1_000_000_000n);

export const conversions: FunctionTable = {
  type: singleton((value) => new TypeValue(typeName(value!)), '(A) -> type(A)'),
  dyn: singleton(same, '(A) -> dyn', { estimate: ([operand]) => ({ cost: fixed(1), size: operand!.size }), actual: () => 1 }),
  bool: overloads(['(bool) -> bool', same], ['(string) -> bool', fromText('bool', parsedBool)]),
  bytes: overloads(['(bytes) -> bytes', same], ['(string) -> bytes', (value) => Buffer.from(value as string), toBytes]),
  double: overloads(
    ['(double) -> double', same], ['(int) -> double', (value) => Number(value as bigint)], ['(string) -> double', fromText('double', parsedDouble)],
    ['(uint) -> double', (value) => Number((value as Uint).value)],
  ),
  duration: overloads(
    ['(duration) -> duration', same], ['(int) -> duration', () => fail("type conversion error from 'int' to 'google.protobuf.Duration'")],
    ['(string) -> duration', fromText('google.protobuf.Duration', (text) => Duration.parse(text))],
  ),
  int: overloads(
    ['(int) -> int', same], ['(double) -> int', (value) => intOfDouble(value as number)], ['(duration) -> int', (value) => (value as Duration).nanos],
    ['(string) -> int', fromText('int', parsedInt)], ['(timestamp) -> int', (value) => (value as Timestamp).seconds],
    ['(uint) -> int', (value) => ((value as Uint).value > int64.most ? fail('integer overflow') : (value as Uint).value)],
  ),
  string: overloads(
    ['(string) -> string', same], ['(bool) -> string', String], ['(bytes) -> string', (value) => textOfBytes(value as Uint8Array), toText],
    ['(double) -> string', (value) => printedDouble(value as number)], ['(duration) -> string', String], ['(int) -> string', String],
    ['(timestamp) -> string', String], ['(uint) -> string', String], ['(ip) -> string', String], ['(cidr) -> string', String],
  ),
  timestamp: overloads(
    ['(timestamp) -> timestamp', same], ['(int) -> timestamp', secondsOfInt],
    ['(string) -> timestamp', fromText('google.protobuf.Timestamp', (text) => Timestamp.parse(text))],
  ),
  uint: overloads(
    ['(uint) -> uint', same], ['(double) -> uint', (value) => uintOfDouble(value as number)],
    ['(int) -> uint', (value) => ((value as bigint) < 0n ? fail('unsigned integer overflow') : new Uint(value as bigint))],
    ['(string) -> uint', fromText('uint', parsedUint)],
  ),
};
