/**
 * `hexdump` (util-linux/hexdump.c, libbb/dump.c): all its forms are format strings of one language, whose units take so many
 * bytes so many times; lines that repeat are folded to a `*`.
 */
import { toBuffer } from '../bytes.ts';
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { readFile } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { echoEscapes } from '../escapes.ts';
import { formatFloat } from './echo.ts';
import { readInputs } from './input.ts';
import { parseOptions, type Parsed } from './options.ts';

/** `3/2 "%04x "`: the pieces of the text, shown `times` times, with `bytes` bytes for each conversion. */
interface Unit {
  readonly times: number;
  readonly bytes: number;
  readonly pieces: readonly Piece[];
}

/** Text, and the conversion behind it; the last piece has none. */
interface Piece {
  readonly text: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

class BadFormat extends Error {}

const offsets = '"%07.7_Ax\\n"';
const oldFormats = {
  b: [offsets, '"%07.7_ax " 16/1 "%03o " "\\n"'],
  c: [offsets, '"%07.7_ax " 16/1 "%3_c " "\\n"'],
  d: [offsets, '"%07.7_ax " 8/2 "  %05u " "\\n"'],
  o: [offsets, '"%07.7_ax " 8/2 " %06o " "\\n"'],
  x: [offsets, '"%07.7_ax " 8/2 "   %04x " "\\n"'],
  C: ['"%08.8_Ax\\n"', '"%08.8_ax  " 8/1 "%02x " "  " 8/1 "%02x " ', '"  |" 16/1 "%_p" "|\\n"'],
} as const;
const usual = [offsets, '"%07.7_ax " 8/2 "%04x " "\\n"'];

export function* hexdump(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'bcdoxCe:f:n:s:v');
  let formats: Unit[][];
  try {
    formats = formatTexts(process, options).map(parseFormat);
  } catch (error) {
    if (!(error instanceof BadFormat)) throw error;
    process.complain(`hexdump: ${error.message}\n`);
    return 1;
  }
  const { data, failed } = yield* readInputs(process, options.rest);
  const skip = Math.min(Number(options.value('s') ?? '0'), data.length);
  const end = Math.min(data.length, skip + Number(options.value('n') ?? Infinity));
  const bytes = toBuffer(data).subarray(0, end);
  const lines = formats.filter((units) => !units.some(isForEnd));
  const block = Math.max(1, ...lines.map(lengthOf));
  let before: Buffer | undefined;
  let folded = false;
  for (let at = skip; at < end; at += block) {
    const line = bytes.subarray(at, at + block);
    const repeats = !options.has('v') && line.length === block && before?.equals(line) === true;
    if (repeats && !folded) process.print('*\n');
    if (!repeats) process.print(lines.map((units) => shown(units, line, at)).join(''));
    folded = repeats;
    before = line;
    if (process.step()) yield* process.pause();
    yield* process.flush(4096);
  }
  const last = formats.flat().findLast(isForEnd);
  if (end > 0 && last) process.print(atEnd(last, end));
  return failed ? 1 : 0;
}

/** The formats that the options ask for. Throws BadFormat. */
function formatTexts(process: Process, options: Parsed): readonly string[] {
  const texts = (Object.keys(oldFormats) as (keyof typeof oldFormats)[]).filter((letter) => options.has(letter)).flatMap((letter) => oldFormats[letter] as readonly string[]);
  texts.push(...options.all('e'));
  for (const path of options.all('f')) {
    const data = attempt(() => readFile(process, path));
    if (data instanceof Errno) throw new BadFormat(`${path}: ${data.message}`);
    texts.push(...data.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')));
  }
  return texts.length > 0 ? texts : usual;
}

/** Throws BadFormat. */
function parseFormat(text: string): Unit[] {
  const units: Unit[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const match = /^(?:(\d+)?(?:\/(\d+))?\s*)"((?:[^"\\]|\\[^])*)"\s*/.exec(rest);
    if (!match) throw new BadFormat(`bad format {${text}}`);
    const pieces = piecesOf(echoEscapes(match[3]!, false).text);
    const conversions = pieces.filter((piece) => takesBytes(piece));
    if (match[2] !== undefined && conversions.length > 1) throw new BadFormat('byte count with multiple conversion characters');
    units.push({ times: Number(match[1] ?? '1'), bytes: match[2] === undefined ? 0 : Number(match[2]), pieces });
    rest = rest.slice(match[0].length);
  }
  return units;
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/%([-+# 0]*)(\d*)(?:\.(\d+))?(_[aA][dox]|_[cpu]|[diouxXcseEfgG%]|.|$)/gs)) {
    const [whole, flags = '', width = '', precision, conversion = ''] = match;
    if (!/^(_[aA][dox]|_[cpu]|[diouxXcseEfgG%])$/.test(conversion)) throw new BadFormat(`bad conversion character %${conversion}`);
    pieces.push({ text: text.slice(at, match.index), flags, width: Number(width), precision: precision === undefined ? undefined : Number(precision), conversion });
    at = match.index + whole.length;
  }
  return [...pieces, { text: text.slice(at), flags: '', width: 0, precision: undefined, conversion: '' }];
}

const takesBytes = ({ conversion }: Piece): boolean => conversion !== '' && conversion !== '%' && !/^_[aA]/.test(conversion);

const bytesOf = (unit: Unit, piece: Piece): number => {
  if (!takesBytes(piece)) return 0;
  if (piece.conversion === 's') return unit.bytes || piece.precision || 1;
  if (unit.bytes > 0) return unit.bytes;
  return /^(_[cpu]|c)$/.test(piece.conversion) ? 1 : /[eEfgG]/.test(piece.conversion) ? 8 : 4;
};

const lengthOf = (units: readonly Unit[]): number =>
  units.reduce((sum, unit) => sum + unit.times * unit.pieces.reduce((bytes, piece) => bytes + bytesOf(unit, piece), 0), 0);

/** One line of a format; where bytes are missing blanks stand. */
function shown(units: readonly Unit[], line: Buffer, start: number): string {
  let text = '';
  let at = 0;
  for (const unit of units) {
    // A blank at the end of what is shown again and again stands between its turns only.
    const trims = unit.times > 1 && takesBytes(unit.pieces[0]!);
    for (let turn = 0; turn < unit.times; turn++) {
      for (const piece of unit.pieces) {
        const size = bytesOf(unit, piece);
        const isLast = turn === unit.times - 1 && piece === unit.pieces.at(-1);
        text += isLast && trims ? piece.text.trimEnd() : piece.text;
        text += converted(piece, line.subarray(at, at + size), size, start + at);
        at += size;
      }
    }
  }
  return text;
}

function converted(piece: Piece, bytes: Buffer, size: number, offset: number): string {
  const { conversion } = piece;
  if (conversion === '') return '';
  if (conversion === '%') return '%';
  if (conversion.startsWith('_a')) return padded(piece, integer(BigInt(offset), conversion[2]!, piece));
  if (bytes.length === 0) return ' '.repeat(piece.width);
  const unit = Buffer.alloc(size);
  bytes.copy(unit);
  return padded(piece, valueOf(piece, unit));
}

const escaped: Readonly<Record<number, string>> = { 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
const names = ['nul', 'soh', 'stx', 'etx', 'eot', 'enq', 'ack', 'bel', 'bs', 'ht', 'lf', 'vt', 'ff', 'cr', 'so', 'si', 'dle', 'dcl', 'dc2', 'dc3', 'dc4', 'nak',
  'syn', 'etb', 'can', 'em', 'sub', 'esc', 'fs', 'gs', 'rs', 'us'];

function valueOf(piece: Piece, unit: Buffer): string {
  const [byte = 0] = unit;
  const isPrintable = byte >= 32 && byte < 127;
  const char = String.fromCharCode(byte);
  const octal = byte.toString(8).padStart(3, '0');
  switch (piece.conversion) {
    case '_p': return isPrintable ? char : '.';
    case '_c': return escaped[byte] ?? (isPrintable ? char : octal);
    case '_u': return names[byte] ?? (byte === 127 ? 'del' : isPrintable ? char : byte.toString(16).padStart(2, '0'));
    case 'c': return char;
    case 's': return unit.toString('latin1').replace(/\0.*$/s, '');
    default: break;
  }
  if (/[eEfgG]/.test(piece.conversion)) return formatFloat(unit.length === 4 ? unit.readFloatLE() : unit.readDoubleLE(), piece.conversion, piece.precision ?? 6);
  const value = unit.toReversed().reduce((sum, one) => (sum << 8n) | BigInt(one), 0n);
  return integer(/[di]/.test(piece.conversion) ? BigInt.asIntN(unit.length * 8, value) : value, piece.conversion, piece);
}

function integer(value: bigint, conversion: string, { precision = 1, flags }: Piece): string {
  const radix = conversion === 'o' ? 8 : conversion.toLowerCase() === 'x' ? 16 : 10;
  const digits = value.toString(radix).padStart(precision, '0');
  const text = flags.includes('#') ? (radix === 16 ? `0x${digits}` : radix === 8 ? `0${digits}` : digits) : digits;
  return conversion === 'X' ? text.toUpperCase() : text;
}

function padded({ flags, width, conversion }: Piece, text: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  return text.padStart(width, flags.includes('0') && !/^(_[cpu]|[cs])$/.test(conversion) ? '0' : ' ');
}

/** `%_A` shows where the input ends, once. */
const isForEnd = ({ pieces }: Unit): boolean => pieces.some(({ conversion }) => conversion.startsWith('_A'));

function atEnd({ pieces }: Unit, end: number): string {
  return pieces.map((piece) => piece.text + (piece.conversion === '' ? '' : padded(piece, integer(BigInt(end), piece.conversion[2] ?? 'd', piece)))).join('');
}
