/** Programs that encode and sum up data: base64, md5sum and its kin, gzip, crc32. */
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
