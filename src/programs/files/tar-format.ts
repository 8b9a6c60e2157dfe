/** The tar format (POSIX ustar with GNU long names), as byte strings: one 512-byte block a member, then its data. */

export interface Member {
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` directory; `L`, `K` and `x` say more of the member that follows. */
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since the epoch. */
  readonly modifiedAt: number;
  /** What a link points to. */
  readonly target: string;
}

export const blockBytes = 512;
const nameBytesMax = 100;
const checksumAt = 148;

/** The two empty blocks behind the last member. */
export const archiveEnd = '\0'.repeat(2 * blockBytes);

/** What fills the last block of `size` bytes of data. */
export const padding = (size: number): string => '\0'.repeat((blockBytes - size % blockBytes) % blockBytes);

/** The blocks in front of a member's data. */
export function encodeMember(member: Member): string {
  return longText('L', member.name) + longText('K', member.target) + header(member);
}

/** GNU: a member of its own for a text that its field cannot hold. */
function longText(type: string, text: string): string {
  if (text.length <= nameBytesMax) return '';
  const data = `${text}\0`;
  const said = { name: '././@LongLink', type, mode: 0, uid: 0, gid: 0, size: data.length, modifiedAt: 0, target: '' };
  return header(said) + data + padding(data.length);
}

function header({ name, type, mode, uid, gid, size, modifiedAt, target }: Member): string {
  const front = text(name, nameBytesMax) + octal(mode, 8) + octal(uid, 8) + octal(gid, 8) + octal(size, 12) + octal(modifiedAt, 12);
  const back = text(type + text(target, nameBytesMax) + 'ustar  \0' + text('root', 32) + text('root', 32), blockBytes - checksumAt - 8);
  return `${front}${sum(`${front}        ${back}`).toString(8).padStart(6, '0')}\0 ${back}`;
}

const text = (value: string, width: number): string => value.slice(0, width).padEnd(width, '\0');
const octal = (value: number, width: number): string => `${Math.floor(value).toString(8).padStart(width - 1, '0')}\0`;

function sum(block: string): number {
  let total = 0;
  for (let i = 0; i < block.length; i++) total += block.charCodeAt(i);
  return total;
}

/** A header; undefined for an empty block, `invalid` for anything else. */
export function decodeMember(block: string): Member | 'invalid' | undefined {
  if (/^\0*$/.test(block)) return undefined;
  const field = (at: number, width: number): string => /^[^\0]*/.exec(block.slice(at, at + width))![0];
  const number = (at: number, width: number): number => Number.parseInt(field(at, width).trim() || '0', 8);
  const blank = `${block.slice(0, checksumAt)}        ${block.slice(checksumAt + 8)}`;
  if (block.length < blockBytes || sum(blank) !== number(checksumAt, 8)) return 'invalid';
  // ustar proper has room for the front of a long name; GNU uses it for other things.
  const prefix = block.slice(257, 263) === 'ustar\0' ? field(345, 155) : '';
  return {
    name: prefix === '' ? field(0, nameBytesMax) : `${prefix}/${field(0, nameBytesMax)}`, type: block[156] === '\0' ? '0' : block[156]!,
    mode: number(100, 8), uid: number(108, 8), gid: number(116, 8), size: number(124, 12), modifiedAt: number(136, 12), target: field(157, nameBytesMax),
  };
}

/** The records of an extended header: `LENGTH KEY=VALUE\n`. */
export function extendedRecords(data: string): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length;) {
    const length = Number.parseInt(data.slice(at), 10);
    if (!(length > 0)) break;
    const [, key = '', value = ''] = /^\d+ ([^=]*)=([^]*)\n$/.exec(data.slice(at, at + length)) ?? [];
    records.set(key, value);
    at += length;
  }
  return records;
}
