/** Programs that encode and sum up data: base64, md5sum and its kin, od, gzip, crc32. */
import { createHash } from 'node:crypto';
import { crc32 as crc, gunzipSync, gzipSync } from 'node:zlib';
import { toBuffer } from '../bytes.ts';
import { programLimits } from '../limits.ts';
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { forWriting, open, unlink } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { baseName, lines, readInput, readInputs } from './input.ts';
import { parseOptions } from './options.ts';

export function* base64(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'dw:i', { decode: 'd', wrap: 'w' });
  const { data, failed } = yield* readInputs(process, options.rest);
  if (failed) return 1;
  if (options.has('d')) {
    const text = data.replace(/\s/g, '');
    const valid = /^[A-Za-z0-9+/]*={0,2}/.exec(text)![0];
    process.print(Buffer.from(valid, 'base64').toString('latin1'));
    if (valid.length === text.length || valid === '') return 0;
    process.complain('base64: truncated input\n');
    return 1;
  }
  const width = Number(options.value('w') ?? '76');
  const text = toBuffer(data).toString('base64');
  process.print(width === 0 ? text : text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n'));
  return 0;
}

/** md5sum, sha1sum, sha256sum, sha512sum. */
export function* checksum(process: Process): Run<number> {
  const name = baseName(process.name);
  const algorithm = name.replace('sum', '');
  const options = parseOptions(process.args.slice(1), 'cswb');
  const digest = (data: string): string => createHash(algorithm).update(toBuffer(data)).digest('hex');
  if (options.has('c')) return yield* verify(process, name, digest, options.rest);
  let status = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const data = yield* readInput(process, path);
    if (data instanceof Errno) {
      process.complain(`${name}: can't open '${path}': ${data.message}\n`);
      status = 1;
    } else process.print(`${digest(data)}  ${path}\n`);
  }
  return status;
}

function* verify(process: Process, name: string, digest: (data: string) => string, paths: readonly string[]): Run<number> {
  const list = yield* readInput(process, paths[0] ?? '-');
  if (list instanceof Errno) {
    process.complain(`${name}: can't open '${paths[0]}': ${list.message}\n`);
    return 1;
  }
  let bad = 0;
  const entries = lines(list);
  for (const line of entries) {
    const [, wanted = '', path = ''] = /^(\S+) [ *]?(.*)$/.exec(line) ?? [];
    const data = yield* readInput(process, path);
    if (data instanceof Errno) process.complain(`${name}: can't open '${path}': ${data.message}\n`);
    const matches = !(data instanceof Errno) && digest(data) === wanted;
    if (!matches) bad++;
    process.print(`${path}: ${matches ? 'OK' : 'FAILED'}\n`);
  }
  if (bad > 0) process.complain(`${name}: WARNING: ${bad} of ${entries.length} computed checksums did NOT match\n`);
  return bad > 0 ? 1 : 0;
}

export function* crc32(process: Process): Run<number> {
  for (const path of process.args.slice(1)) {
    const data = yield* readInput(process, path);
    if (!(data instanceof Errno)) process.print(`${(crc(toBuffer(data)) >>> 0).toString(16).padStart(8, '0')} ${path}\n`);
  }
  return 0;
}

const named: Readonly<Record<number, string>> = { 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };

export function* od(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'A:N:j:t:vcxbdow:');
  const { data, failed } = yield* readInputs(process, options.rest);
  const skip = Number(options.value('j') ?? '0');
  const bytes = toBuffer(data).subarray(skip, skip + Number(options.value('N') ?? data.length));
  const type = options.has('c') ? 'c' : options.has('b') ? 'o1' : options.value('t') ?? (options.has('x') ? 'x2' : options.has('d') ? 'u2' : 'o2');
  const width = Number(options.value('w') ?? '16') || 16;
  const radix = { d: 10, x: 16, n: 0 }[options.value('A') ?? 'o'] ?? 8;
  const address = (at: number): string => (radix === 0 ? '' : at.toString(radix).padStart(7, '0'));
  for (let at = 0; at < bytes.length; at += width) process.print(`${address(at + skip)}${cells(bytes.subarray(at, at + width), type)}\n`);
  if (radix !== 0) process.print(`${address(bytes.length + skip)}\n`);
  return failed ? 1 : 0;
}

function cells(bytes: Buffer, type: string): string {
  if (type.startsWith('c') || type.startsWith('a')) {
    return [...bytes].map((byte) => (named[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'))).padStart(4)).join('');
  }
  const size = Number(type.slice(1) || '4') || 1;
  const radix = { x: 16, o: 8 }[type[0]!] ?? 10;
  const width = radix === 16 ? size * 2 : radix === 8 ? Math.ceil(size * 8 / 3) : { 1: 3, 2: 5, 4: 10 }[size] ?? 20;
  let text = '';
  for (let at = 0; at < bytes.length; at += size) {
    let value = 0n;
    for (let i = 0; i < size; i++) value |= BigInt(bytes[at + i] ?? 0) << BigInt(8 * i);
    text += ` ${value.toString(radix).padStart(width, radix === 10 ? ' ' : '0')}`;
  }
  return text;
}

/** gzip, gunzip, zcat. */
export function* gzip(process: Process): Run<number> {
  const name = baseName(process.name);
  const options = parseOptions(process.args.slice(1), 'cfkdtq123456789');
  const unpacks = name !== 'gzip' || options.has('d');
  let status = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const data = yield* readInput(process, path);
    if (data instanceof Errno) {
      process.complain(`${name}: ${path}: ${data.message}\n`);
      status = 1;
      continue;
    }
    const result = convert(data, unpacks);
    if (result === undefined) {
      process.complain(`${name}: invalid magic\n`);
      status = 1;
    } else if (path === '-' || options.has('c') || name === 'zcat') process.print(result);
    else {
      const target = unpacks ? path.replace(/\.gz$/, '') : `${path}.gz`;
      const file = attempt(() => open(process, target, forWriting));
      if (file instanceof Errno) status = 1;
      else {
        yield* process.write(process.addFile(file), result);
        if (!options.has('k')) unlink(process, path);
      }
    }
  }
  return status;
}

function convert(data: string, unpacks: boolean): string | undefined {
  try {
    return (unpacks ? gunzipSync(toBuffer(data), { maxOutputLength: programLimits.fileBytesMax }) : gzipSync(toBuffer(data))).toString('latin1');
  } catch {
    return undefined;
  }
}
