/** `xxd`: bytes in hex, and back again (util-linux/hexdump_xxd.c). */
import { fromBuffer, toBuffer } from '../bytes.ts';
import { Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { lines, readInput } from './input.ts';
import { parseOptions } from './options.ts';

export function* xxd(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'g:c:pil:s:o:r');
  for (const letter of ['s', 'l', 'o', 'c', 'g']) {
    const text = options.value(letter);
    if (text === undefined || /^(0[xX][\da-fA-F]+|\d+)$/.test(text)) continue;
    process.complain(`xxd: invalid number '${text}'\n`);
    return 1;
  }
  const number = (letter: string, usual: number): number => Number(options.value(letter) ?? usual);
  const path = options.rest[0] ?? '-';
  const data = yield* readInput(process, path);
  if (data instanceof Errno) {
    process.complain(`xxd: ${path}: ${data.message}\n`);
    return 1;
  }
  if (options.has('r')) {
    process.print(fromBuffer(options.has('p') ? fromPlain(data) : fromDump(data)));
    return 0;
  }
  const skip = number('s', 0);
  const bytes = toBuffer(data).subarray(skip, skip + number('l', Infinity));
  if (options.has('i')) process.print(asSource(bytes, path));
  else if (options.has('p')) process.print(plain(bytes, number('c', 0) || 30));
  else process.print(dump(bytes, number('c', 0) || 16, options.has('g') ? number('g', 0) : 2, skip + number('o', 0)));
  return 0;
}

function plain(bytes: Buffer, width: number): string {
  return rows(bytes, width).map((row) => `${row.toString('hex')}\n`).join('');
}

function dump(bytes: Buffer, width: number, group: number, start: number): string {
  const cells = (row: Buffer): string => Array.from({ length: width }, (_, i) => {
    const hex = i < row.length ? row.subarray(i, i + 1).toString('hex') : '  ';
    return hex + (group > 0 && i % group === group - 1 && i < width - 1 ? ' ' : '');
  }).join('');
  return rows(bytes, width).map((row, i) => {
    const text = [...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    return `${(start + i * width).toString(16).padStart(8, '0')}: ${cells(row)}  ${text}\n`;
  }).join('');
}

/** As an array of C, named after the file. */
function asSource(bytes: Buffer, path: string): string {
  const body = rows(bytes, 12).map((row) => `  ${[...row].map((byte) => `0x${byte.toString(16).padStart(2, '0')},`).join(' ')}\n`).join('');
  if (path === '-') return body;
  const name = path.replace(/[^A-Za-z0-9]/g, '_');
  return `unsigned char ${name}[] = {\n${body}};\nunsigned int ${name}_len = ${bytes.length};\n`;
}

const rows = (bytes: Buffer, width: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / width) }, (_, i) => bytes.subarray(i * width, (i + 1) * width));

/** Hex digits, blanks between them or not, to the first that is none. */
const fromPlain = (text: string): Buffer => Buffer.from(/^[\s\da-fA-F]*/.exec(text)![0].replace(/\s/g, ''), 'hex');

/** Lines of a dump: an offset, pairs of hex digits, and behind two blanks text that does not count. */
function fromDump(text: string): Buffer {
  return Buffer.concat(lines(text).map((line) => Buffer.from((/^[\da-fA-F]+:\s?((?:[\da-fA-F]{2} ?)*)/.exec(line)?.[1] ?? '').replace(/ /g, ''), 'hex')));
}
