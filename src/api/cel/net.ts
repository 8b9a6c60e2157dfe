/** IP addresses and CIDR ranges in rules (apiserver/pkg/cel/library/ip.go, cidr.go). */
import { quote } from '../../lib/go-format.ts';
import { formatAddr, is4In6, masked, NetipError, parseAddr, parsePrefix, prefixContains, type Addr, type Prefix } from '../../lib/netip.ts';
import { instanceOf, noOverload, text, type CelFunction, type CelObject } from './arguments.ts';
import { EvaluationError } from './evaluation-error.ts';

export class AddressValue implements CelObject {
  readonly addr: Addr;

  constructor(addr: Addr) {
    this.addr = addr;
  }

  equals(other: unknown): boolean {
    return other instanceof AddressValue && this.toString() === other.toString();
  }

  toString(): string {
    return formatAddr(this.addr);
  }
}

export class RangeValue implements CelObject {
  readonly prefix: Prefix;

  constructor(prefix: Prefix) {
    this.prefix = prefix;
  }

  /** Bits behind the prefix count: `10.1.0.0/8` is not `10.0.0.0/8`. */
  equals(other: unknown): boolean {
    return other instanceof RangeValue && this.toString() === other.toString();
  }

  toString(): string {
    return `${formatAddr(this.prefix.addr)}/${this.prefix.bits}`;
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

function containsAddress(of: unknown, other: unknown): boolean {
  const { prefix } = range(of);
  // Upstream loses what is wrong with a text.
  const inner = typeof other !== 'string' ? address(other) : canRead(addressOf, other) ? addressOf(other) : noOverload();
  return prefixContains(prefix, inner.addr);
}

function containsRange(of: unknown, other: unknown): boolean {
  const { prefix } = range(of);
  const inner = (typeof other === 'string' ? rangeOf(other) : range(other)).prefix;
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
const ask = (question: (addr: Addr) => unknown): CelFunction => (of) => question(address(of).addr);

export const netFunctions: Readonly<Record<string, CelFunction>> = {
  ip: (of) => (of instanceof RangeValue ? new AddressValue(of.prefix.addr) : addressOf(text(of))),
  isIP: (value) => canRead(addressOf, text(value)),
  'ip.isCanonical': (value) => addressOf(text(value)).toString() === value,
  family: ask(({ family }) => family),
  isUnspecified: ask(isUnspecified),
  isLoopback: ask(isLoopback),
  isLinkLocalMulticast: ask(isLinkLocalMulticast),
  isLinkLocalUnicast: ask(isLinkLocalUnicast),
  isGlobalUnicast: ask(isGlobalUnicast),
  cidr: (value) => rangeOf(text(value)),
  isCIDR: (value) => canRead(rangeOf, text(value)),
  containsIP: containsAddress,
  containsCIDR: containsRange,
  prefixLength: (of) => range(of).prefix.bits,
  masked: (of) => new RangeValue(masked(range(of).prefix)),
};
