/**
 * IP addresses and prefixes as Go's `net/netip` reads them: strictly, and with its words for what is wrong. What `net`
 * reads, which is more, is in `ip-address.ts`.
 */
import { formatIPAddress } from './ip-address.ts';
import { quote } from './go-format.ts';

/** Text that is no address or prefix; the message is Go's. */
export class NetipError extends Error {}

export interface Addr {
  readonly family: 4 | 6;
  /** 4 or 16 numbers. */
  readonly bytes: readonly number[];
  /** Empty when there is none. */
  readonly zone: string;
}

export interface Prefix {
  readonly addr: Addr;
  readonly bits: number;
}

/** `at` is the rest of the text from where it went wrong. */
function refuse(text: string, why: string, at = ''): never {
  throw new NetipError(`ParseAddr(${quote(text)}): ${why}${at === '' ? '' : ` (at ${quote(at)})`}`);
}

/** Throws NetipError. */
export function parseAddr(text: string): Addr {
  switch (/[.:%]/.exec(text)?.[0]) {
    case '.': return { family: 4, bytes: parseIPv4(text, text), zone: '' };
    case ':': return parseIPv6(text);
    case '%': return refuse(text, 'missing IPv6 address');
    default: return refuse(text, 'unable to parse IP');
  }
}

/** `text` is the whole address, `part` what is IPv4 in it. */
function parseIPv4(text: string, part: string): number[] {
  const fields: number[] = [];
  let value = 0;
  let digits = 0;
  for (let i = 0; i < part.length; i++) {
    const char = part[i]!;
    if (char >= '0' && char <= '9') {
      if (digits === 1 && value === 0) refuse(text, 'IPv4 field has octet with leading zero');
      value = value * 10 + Number(char);
      digits++;
      if (value > 255) refuse(text, 'IPv4 field has value >255');
    } else if (char === '.') {
      if (digits === 0 || i === part.length - 1) refuse(text, 'IPv4 field must have at least one digit', part.slice(i));
      if (fields.length === 3) refuse(text, 'IPv4 address too long');
      fields.push(value);
      value = digits = 0;
    } else refuse(text, 'unexpected character', part.slice(i));
  }
  if (fields.length < 3) refuse(text, 'IPv4 address too short');
  return [...fields, value];
}

function parseIPv6(text: string): Addr {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') refuse(text, 'zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  /** Where `::` stands among the bytes. */
  let ellipsis = rest.startsWith('::') ? 0 : -1;
  if (ellipsis === 0) rest = rest.slice(2);
  const bytes: number[] = [];
  let isOver = ellipsis === 0 && rest === '';
  while (bytes.length < 16 && !isOver) {
    const digits = hexDigits(text, rest);
    if (rest[digits] === '.') {
      if (ellipsis < 0 && bytes.length !== 12) refuse(text, 'embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (bytes.length > 12) refuse(text, 'too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      bytes.push(...parseIPv4(text, rest));
      rest = '';
      break;
    }
    const group = parseInt(rest.slice(0, digits), 16);
    bytes.push(group >> 8, group & 0xff);
    rest = rest.slice(digits);
    if (rest === '') break;
    if (!rest.startsWith(':')) refuse(text, 'unexpected character, want colon', rest);
    if (rest === ':') refuse(text, 'colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (!rest.startsWith(':')) continue;
    if (ellipsis >= 0) refuse(text, 'multiple :: in address', rest);
    ellipsis = bytes.length;
    rest = rest.slice(1);
    isOver = rest === '';
  }
  if (rest !== '') refuse(text, 'trailing garbage after address', rest);
  return { family: 6, bytes: withEllipsis(text, bytes, ellipsis), zone };
}

/** The length of the group that `rest` begins with. */
function hexDigits(text: string, rest: string): number {
  const { length } = /^[0-9a-fA-F]*/.exec(rest)![0];
  if (length > 4) refuse(text, 'each group must have 4 or less digits', rest);
  if (length === 0) refuse(text, 'each colon-separated field must have at least one digit', rest);
  return length;
}

function withEllipsis(text: string, bytes: readonly number[], ellipsis: number): number[] {
  if (bytes.length < 16 && ellipsis < 0) refuse(text, 'address string too short');
  if (bytes.length === 16 && ellipsis >= 0) refuse(text, 'the :: must expand to at least one field of zeros');
  return bytes.length === 16 ? [...bytes] : [...bytes.slice(0, ellipsis), ...new Array<number>(16 - bytes.length).fill(0), ...bytes.slice(ellipsis)];
}

/** Throws NetipError. */
export function parsePrefix(text: string): Prefix {
  const wrong = (why: string): never => {
    throw new NetipError(`netip.ParsePrefix(${quote(text)}): ${why}`);
  };
  const slash = text.lastIndexOf('/');
  if (slash < 0) return wrong("no '/'");
  const addr = addrOf(text.slice(0, slash), wrong);
  if (addr.zone !== '') wrong('IPv6 zones cannot be present in a prefix');
  const bits = text.slice(slash + 1);
  if (!/^(0|[1-9]\d*)$/.test(bits)) wrong(`bad bits after slash: ${quote(bits)}`);
  if (Number(bits) > addr.bytes.length * 8) wrong('prefix length out of range');
  return { addr, bits: Number(bits) };
}

function addrOf(text: string, wrong: (why: string) => never): Addr {
  try {
    return parseAddr(text);
  } catch (error) {
    if (error instanceof NetipError) return wrong(error.message);
    throw error;
  }
}

/** Is it an IPv4 address written as an IPv6 one? */
export const is4In6 = ({ family, bytes }: Addr): boolean =>
  family === 6 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;

/** The canonical text of an address that is not IPv4 in IPv6. */
export const formatAddr = ({ family, bytes }: Addr): string => formatIPAddress({ family, bytes, mapped: false, leadingZeros: false });

/** The prefix with nothing but zeros behind its bits. */
export function masked({ addr, bits }: Prefix): Prefix {
  const bytes = addr.bytes.map((byte, i) => byte & (0xff00 >> Math.min(Math.max(bits - 8 * i, 0), 8)) & 0xff);
  return { addr: { ...addr, bytes }, bits };
}

export function prefixContains({ addr, bits }: Prefix, other: Addr): boolean {
  return addr.family === other.family && formatAddr(masked({ addr, bits }).addr) === formatAddr(masked({ addr: other, bits }).addr);
}
