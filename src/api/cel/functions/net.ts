/** IP addresses and CIDR ranges in rules (apiserver/pkg/cel/library/ip.go, cidr.go). */
import { quote } from '../../../lib/go-format.ts';
import { formatAddr, is4In6, masked, NetipError, parseAddr, parsePrefix, prefixContains, type Addr, type Prefix } from '../../../lib/netip.ts';
import { instanceOf, noOverload, text } from '../arguments.ts';
import { between, fixed, oneUnit, perCharacter, scaled, sum, traversal, type Cost, type Operand } from '../cost.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { overloads, type FunctionTable } from '../signatures.ts';
import { HeldValue, sizeOf, type Value } from '../values.ts';

class AddressValue extends HeldValue<Addr> {
  readonly typeName = 'net.IP';

  override get size(): number {
    return this.value.bytes.length;
  }

  equals(other: Value): boolean {
    return other instanceof AddressValue && this.toString() === other.toString();
  }

  override toString(): string {
    return formatAddr(this.value);
  }
}

class RangeValue extends HeldValue<Prefix> {
  readonly typeName = 'net.CIDR';

  override get size(): number {
    return Math.ceil(this.value.bits / 8);
  }

  /** Bits behind the prefix count: `10.1.0.0/8` is not `10.0.0.0/8`. */
  equals(other: Value): boolean {
    return other instanceof RangeValue && this.toString() === other.toString();
  }

  override toString(): string {
    return `${formatAddr(this.value.addr)}/${this.value.bits}`;
  }
}

/** Throws EvaluationError; `context` stands before Go's words. */
function read<T>(parse: (value: string) => T, value: string, context: string): T {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof NetipError) throw new EvaluationError(`${context}: ${error.message}`);
    throw error;
  }
}

const notMapped = (value: string): EvaluationError => new EvaluationError(`IPv4-mapped IPv6 address ${quote(value)} is not allowed`);

function addressOf(value: string): AddressValue {
  const addr = read(parseAddr, value, `IP Address ${quote(value)} parse error during conversion from string`);
  if (addr.zone !== '') throw new EvaluationError(`IP address ${quote(value)} with zone value is not allowed`);
  if (is4In6(addr)) throw notMapped(value);
  return new AddressValue(addr);
}

const networkError = 'network address parse error during conversion from string';

/** Upstream says twice what went wrong. */
function rangeOf(value: string): RangeValue {
  const prefix = read(parsePrefix, value, `${networkError}: ${networkError}`);
  if (is4In6(prefix.addr)) throw new EvaluationError(`${networkError}: ${notMapped(value).message}`);
  return new RangeValue(prefix);
}

function canRead(parse: (value: string) => unknown, value: string): boolean {
  try {
    parse(value);
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

const address = instanceOf(AddressValue);
const range = instanceOf(RangeValue);

function containsAddress(of: Value | undefined, other: Value | undefined): boolean {
  const prefix = range(of).value;
  // Upstream loses what is wrong with a text.
  const inner = typeof other !== 'string' ? address(other) : canRead(addressOf, other) ? addressOf(other) : noOverload();
  return prefixContains(prefix, inner.value);
}

function containsRange(of: Value | undefined, other: Value | undefined): boolean {
  const prefix = range(of).value;
  const inner = (typeof other === 'string' ? rangeOf(other) : range(other)).value;
  return prefix.bits <= inner.bits && prefixContains(prefix, inner.addr);
}

const isLoopback = ({ family, bytes }: Addr): boolean => (family === 4 ? bytes[0] === 127 : bytes[15] === 1 && bytes.slice(0, 15).every((byte) => byte === 0));
const isUnspecified = ({ bytes }: Addr): boolean => bytes.every((byte) => byte === 0);
const isLinkLocalUnicast = ({ family, bytes: [a, b] }: Addr): boolean => (family === 4 ? a === 169 && b === 254 : a === 0xfe && (b! & 0xc0) === 0x80);
const isLinkLocalMulticast = ({ family, bytes: [a, b, c] }: Addr): boolean =>
  (family === 4 ? a === 224 && b === 0 && c === 0 : a === 0xff && (b! & 0x0f) === 0x02);
const isMulticast = ({ family, bytes: [a] }: Addr): boolean => (family === 4 ? (a! & 0xf0) === 0xe0 : a === 0xff);
const isBroadcast = ({ family, bytes }: Addr): boolean => family === 4 && bytes.every((byte) => byte === 255);
const isGlobalUnicast = (addr: Addr): boolean =>
  ![isBroadcast, isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast].some((excludes) => excludes(addr));

const question = (ask: (addr: Addr) => boolean) => overloads(['ip.() -> bool', (of) => ask(address(of).value), oneUnit]);

/** Bytes of the range are compared with those of the other, `times` times; a text is read first. */
const containment = (times: number, extra: number, isText: boolean): Cost => ({
  estimate: ([, other]) => {
    const bytes = between(4, 16);
    const masking = times > 2 ? [scaled(bytes, perCharacter)] : [];
    const reading = isText ? [scaled((other as Operand).size, perCharacter)] : [];
    return { cost: sum(scaled(sum(bytes, bytes), perCharacter), ...masking, fixed(extra), ...reading) };
  },
  actual: ([range, other]) => {
    const size = sizeOf(range!);
    const masking = times > 2 ? Math.ceil(size * perCharacter) : 0;
    return Math.ceil(2 * size * perCharacter) + masking + extra + (isText ? Math.ceil(sizeOf(other!) * perCharacter) : 0);
  },
  anyOverload: true,
});

export const netFunctions: FunctionTable = {
  ip: overloads(['(string) -> ip', (value) => addressOf(text(value)), traversal()], ['cidr.() -> ip', (of) => new AddressValue(range(of).value.addr), oneUnit]),
  isIP: overloads(['(string) -> bool', (value) => canRead(addressOf, text(value)), traversal()]),
  'ip.isCanonical': overloads(['(string) -> bool', (value) => addressOf(text(value)).toString() === value, traversal(0, 2)]),
  family: overloads(['ip.() -> int', (of) => BigInt(address(of).value.family), oneUnit]),
  isUnspecified: question(isUnspecified),
  isLoopback: question(isLoopback),
  isLinkLocalMulticast: question(isLinkLocalMulticast),
  isLinkLocalUnicast: question(isLinkLocalUnicast),
  isGlobalUnicast: question(isGlobalUnicast),
  cidr: overloads(['(string) -> cidr', (value) => rangeOf(text(value)), traversal()]),
  isCIDR: overloads(['(string) -> bool', (value) => canRead(rangeOf, text(value)), traversal()]),
  containsIP: overloads(['cidr.(string) -> bool', containsAddress, containment(2, 0, true)], ['cidr.(ip) -> bool', containsAddress, containment(2, 0, false)]),
  containsCIDR: overloads(['cidr.(string) -> bool', containsRange, containment(3, 1, true)], ['cidr.(cidr) -> bool', containsRange, containment(3, 1, false)]),
  prefixLength: overloads(['cidr.() -> int', (of) => BigInt(range(of).value.bits), oneUnit]),
  masked: overloads(['cidr.() -> cidr', (of) => new RangeValue(masked(range(of).value)), oneUnit]),
};
