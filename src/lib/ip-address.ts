/** IP addresses as Go's `net` reads them: IPv4 with leading zeros is understood, but known as loose. */

export interface IPAddress {
  readonly family: 4 | 6;
  /** 4 or 16 numbers. An IPv4-mapped IPv6 address counts as IPv4, as in Go. */
  readonly bytes: readonly number[];
  /** Written as IPv6 although it is an IPv4 address: `::ffff:10.0.0.1`. */
  readonly mapped: boolean;
  /** Some part has leading zeros, which other programs read as octal. */
  readonly leadingZeros: boolean;
}

/** Reads an address; undefined when it is none. */
export function parseIPAddress(text: string): IPAddress | undefined {
  return text.includes(':') ? parseIPv6(text) : parseIPv4(text);
}

function parseIPv4(text: string): IPAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255)) return undefined;
  const leadingZeros = parts.some((part) => part.length > 1 && part.startsWith('0'));
  return { family: 4, bytes: parts.map(Number), mapped: false, leadingZeros };
}

function parseIPv6(text: string): IPAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : { groups: [], leadingZeros: false };
  if (!head || !tail) return undefined;
  const missing = 8 - head.groups.length - tail.groups.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head.groups, ...new Array<number>(missing).fill(0), ...tail.groups];
  const bytes = groups.flatMap((group) => [group >> 8, group & 0xff]);
  const leadingZeros = head.leadingZeros || tail.leadingZeros;
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return mapped ? { family: 4, bytes: bytes.slice(12), mapped, leadingZeros } : { family: 6, bytes, mapped, leadingZeros };
}

/** Groups of 16 bits; the last part may be an IPv4 address when `last`. */
function groupsOf(text: string, last: boolean): { groups: number[]; leadingZeros: boolean } | undefined {
  if (text === '') return { groups: [], leadingZeros: false };
  const parts = text.split(':');
  const groups: number[] = [];
  let leadingZeros = false;
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = last && i === parts.length - 1 ? parseIPv4(part) : undefined;
      if (!v4) return undefined;
      leadingZeros = v4.leadingZeros;
      groups.push((v4.bytes[0]! << 8) | v4.bytes[1]!, (v4.bytes[2]! << 8) | v4.bytes[3]!);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(parseInt(part, 16));
    }
  }
  return { groups, leadingZeros };
}

/** The canonical text: dotted, or IPv6 as in RFC 5952. */
export function formatIPAddress(address: IPAddress): string {
  if (address.family === 4) return address.bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (address.bytes[2 * i]! << 8) | address.bytes[2 * i + 1]!);
  const gap = longestZeroRun(groups);
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (!gap) return text(groups);
  return `${text(groups.slice(0, gap.start))}::${text(groups.slice(gap.end))}`;
}

/** The first longest run of at least two zero groups. */
function longestZeroRun(groups: readonly number[]): { start: number; end: number } | undefined {
  let best: { start: number; end: number } | undefined;
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start >= 2 && (!best || end - start > best.end - best.start)) best = { start, end };
    if (end > start) start = end - 1;
  }
  return best;
}
