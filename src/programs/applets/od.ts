/** `od` as busybox has it (coreutils/od_bloaty.c): several formats a line, lines that repeat are folded to a `*`. */
import { toBuffer } from '../bytes.ts';
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { formatFloat } from './echo.ts';
import { readInputs } from './input.ts';
import { parseOptions, type Parsed } from './options.ts';

/** How one unit of so many bytes is shown, and how wide with the blank before it. */
interface Format {
  readonly bytes: number;
  readonly show: (unit: Buffer) => string;
  /** Printable characters follow the line between `>` and `<`. */
  readonly withText: boolean;
}

/** What is wrong with a type string. */
class BadType extends Error {}

const escaped: Readonly<Record<number, string>> = { 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
const controlNames = [
  'nul', 'soh', 'stx', 'etx', 'eot', 'enq', 'ack', 'bel', 'bs', 'ht', 'nl', 'vt', 'ff', 'cr', 'so', 'si', 'dle', 'dc1', 'dc2', 'dc3', 'dc4', 'nak',
  'syn', 'etb', 'can', 'em', 'sub', 'esc', 'fs', 'gs', 'rs', 'us', 'sp',
];

/** Types of the old options, in the order in which they are looked at. */
const oldTypes = { a: 'a', b: 'oC', c: 'c', d: 'u2', f: 'fF', h: 'x2', i: 'd2', l: 'd4', o: 'o2', s: 'd2', x: 'x2' } as const;

const radixes: Readonly<Record<string, number>> = { o: 8, d: 10, x: 16, n: 0 };

export function* od(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'A:N:j:t:S:vabcdfhilosxw::');
  const radix = radixes[options.value('A') ?? 'o'];
  if (radix === undefined) return complain(process, `bad output address radix '${options.value('A')}' (must be [doxn])`);
  const skip = countOf(options.value('j') ?? '0');
  const limit = countOf(options.value('N') ?? String(Number.MAX_SAFE_INTEGER));
  if (skip === undefined || limit === undefined) return complain(process, `invalid number '${skip === undefined ? options.value('j') : options.value('N')}'`);
  let formats: Format[];
  try {
    formats = formatsOf(options);
  } catch (error) {
    if (!(error instanceof BadType)) throw error;
    return complain(process, error.message);
  }
  const { data, failed } = yield* readInputs(process, options.rest);
  if (skip > data.length) return failed ? 1 : complain(process, "can't skip past end of combined input");
  const bytes = toBuffer(data).subarray(skip, skip + limit);
  const address = (at: number, fill = ''): string => (radix === 0 ? '' : fill === '' ? (at + skip).toString(radix).padStart(7, '0') : fill.repeat(7));
  const width = lineWidth(process, options, formats);
  let before: Buffer | undefined;
  let folded = false;
  for (let at = 0; at < bytes.length; at += width) {
    const line = bytes.subarray(at, at + width);
    const repeats = !options.has('v') && line.length === width && before?.equals(line) === true;
    if (repeats && !folded) process.print('*\n');
    if (!repeats) for (const [i, format] of formats.entries()) process.print(`${address(at, i === 0 ? '' : ' ')}${shownLine(line, format, width)}\n`);
    folded = repeats;
    before = line;
    if (process.step()) yield* process.pause();
    yield* process.flush(4096);
  }
  if (radix !== 0) process.print(`${address(bytes.length)}\n`);
  return failed ? 1 : 0;
}

function complain(process: Process, problem: string): number {
  process.complain(`od: ${problem}\n`);
  return 1;
}

/** A count as strtoul reads it, with the suffixes of busybox; undefined when it is none. */
function countOf(text: string): number | undefined {
  const [, digits, suffix = ''] = /^(0[xX][\da-fA-F]+|\d+)(b|k|kB|K|KB|m|MB|M)?$/.exec(text) ?? [];
  const factor = { '': 1, b: 512, k: 1024, K: 1024, kB: 1000, KB: 1000, m: 2 ** 20, M: 2 ** 20, MB: 1e6 }[suffix];
  return digits === undefined || factor === undefined ? undefined : (/^0\d/.test(digits) ? parseInt(digits, 8) : Number(digits)) * factor;
}

function formatsOf(options: Parsed): Format[] {
  const types = [...Object.entries(oldTypes).filter(([letter]) => options.has(letter)).map(([, type]) => type), ...options.all('t')];
  return (types.length > 0 ? types : ['o2']).flatMap(parseTypes);
}

/** The formats of one type string. Throws BadType. */
function parseTypes(text: string): Format[] {
  const formats: Format[] = [];
  for (let at = 0; at < text.length;) {
    const [whole, letter, size = '', z] = /^([acdfoux])(\d\w*|[CSILFD])?(z)?/.exec(text.slice(at)) ?? [];
    if (whole === undefined) throw new BadType(`invalid character '${text[at]}' in type string '${text}'`);
    formats.push(formatOf(text, letter!, letter === 'a' || letter === 'c' ? '' : size, z !== undefined));
    at += letter === 'a' || letter === 'c' ? 1 + (text[at + 1] === 'z' ? 1 : 0) : whole.length;
  }
  return formats;
}

const namedSizes: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };

function formatOf(text: string, letter: string, size: string, withText: boolean): Format {
  if (letter === 'c') return { bytes: 1, withText, show: ([byte]) => (escaped[byte!] ?? (isPrintable(byte!) ? String.fromCharCode(byte!) : octal(byte!))).padStart(4) };
  if (letter === 'a') return { bytes: 1, withText, show: ([byte]) => nameOf(byte! & 0x7f).padStart(4) };
  // A number with something behind it is read as the greatest there is.
  const bytes = namedSizes[size] ?? (size === '' ? (letter === 'f' ? 8 : 4) : /^\d+$/.test(size) ? Number(size) : 4_294_967_295);
  const kind = letter === 'f' ? 'floating-point' : 'integral';
  if (!(letter === 'f' ? [4, 8] : [1, 2, 4, 8]).includes(bytes)) throw new BadType(`invalid type string '${text}'; ${bytes}-byte ${kind} type is not supported`);
  if (letter === 'f') {
    return { bytes, withText, show: (unit) => (bytes === 4 ? formatFloat(unit.readFloatLE(), 'e', 7).padStart(16) : formatFloat(unit.readDoubleLE(), 'e', 15).padStart(24)) };
  }
  const bits = bytes * 8;
  const radix = letter === 'o' ? 8 : letter === 'x' ? 16 : 10;
  const digits = radix === 16 ? bytes * 2 : radix === 8 ? Math.ceil(bits / 3) : (letter === 'd' ? signedDigits : unsignedDigits)[bytes]!;
  return {
    bytes, withText,
    show: (unit) => {
      const value = unit.toReversed().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      return ` ${(letter === 'd' ? BigInt.asIntN(bits, value) : value).toString(radix).padStart(digits, radix === 10 ? ' ' : '0')}`;
    },
  };
}

const signedDigits: Readonly<Record<number, number>> = { 1: 4, 2: 6, 4: 11, 8: 20 };
const unsignedDigits: Readonly<Record<number, number>> = { 1: 3, 2: 5, 4: 10, 8: 20 };

const octal = (byte: number): string => byte.toString(8).padStart(3, '0');
const isPrintable = (byte: number): boolean => byte >= 32 && byte < 127;
const nameOf = (code: number): string => (code === 127 ? 'del' : controlNames[code] ?? String.fromCharCode(code));

/** Bytes per line: a multiple of what every format shows as one. */
function lineWidth(process: Process, options: Parsed, formats: readonly Format[]): number {
  const unit = Math.max(...formats.map(({ bytes }) => bytes));
  if (!options.has('w')) return 16;
  const width = Number(options.value('w') || '32');
  if (width > 0 && width % unit === 0) return width;
  process.complain(`od: warning: invalid width ${width}; using ${unit} instead\n`);
  return unit;
}

/** A short last unit is filled up with zeros; a short last line with blanks where text follows. */
function shownLine(line: Buffer, format: Format, width: number): string {
  let text = '';
  for (let at = 0; at < line.length; at += format.bytes) {
    const unit = Buffer.alloc(format.bytes);
    line.copy(unit, 0, at, at + format.bytes);
    text += format.show(unit);
  }
  if (!format.withText) return text;
  const cell = format.show(Buffer.alloc(format.bytes)).length;
  const shown = [...line].map((byte) => (isPrintable(byte) ? String.fromCharCode(byte) : '.')).join('');
  return `${text.padEnd(cell * (width / format.bytes))}  >${shown}<`;
}
