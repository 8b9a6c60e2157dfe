/** tar: makes, lists and unpacks archives. `kubectl cp` is made of it. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { fromBuffer, toBuffer } from '../bytes.ts';
import { attempt, Errno } from '../errno.ts';
import { dataOf, file, targetOf, type FsNode } from '../files/nodes.ts';
import { archiveEnd, blockBytes, decodeMember, encodeMember, extendedRecords, padding, type Member } from '../files/tar-format.ts';
import type { OpenFile } from '../open-file.ts';
import type { Process } from '../process.ts';
import { addEntry, find, forWriting, hardLink, makeDirectory, makeLink, names, open, readFile, setData, stat, unlink } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { openInput } from './input.ts';
import { parseOptions, showUsage, type Parsed } from './options.ts';

const longOptions = { create: 'c', extract: 'x', list: 't', file: 'f', directory: 'C', verbose: 'v', gzip: 'z', 'to-stdout': 'O', 'no-same-owner': 'o', 'same-permissions': 'p' };

export function* tar(process: Process): Run<number> {
  const [first = '', ...more] = process.args.slice(1);
  const options = parseOptions([first === '' || first.startsWith('-') ? first : `-${first}`, ...more].filter((word) => word !== ''), 'cxtf:C:vmpozOkh', longOptions);
  if (!['c', 'x', 't'].some((letter) => options.has(letter))) return showUsage(process, 'tar');
  const path = options.value('f') ?? '-';
  // The archive is opened before the directory is changed.
  const archive = options.has('c') ? openOutput(process, path) : openInput(process, path);
  if (archive instanceof Errno) {
    process.complain(`tar: can't open '${path}': ${archive.message}\n`);
    return 1;
  }
  const folder = options.value('C');
  if (folder !== undefined) {
    const found = attempt(() => names(process, folder) && find(process, folder).path);
    if (found instanceof Errno) {
      process.complain(`tar: can't change directory to '${folder}': ${found.message}\n`);
      return 1;
    }
    process.cwd = found;
  }
  return options.has('c') ? yield* create(process, options, archive) : yield* unpack(process, options, archive);
}

function openOutput(process: Process, path: string): number | Errno {
  if (path === '-') return 1;
  const made = attempt(() => open(process, path, forWriting));
  return made instanceof Errno ? made : process.addFile(made);
}

function* create(process: Process, options: Parsed, out: number): Run<number> {
  const parts: string[] = [];
  let fine = true;
  for (const path of options.rest) fine = (yield* addTo(parts, process, options, path)) && fine;
  const archive = parts.join('') + archiveEnd;
  process.allocate(archive.length);
  yield* process.write(out, options.has('z') ? fromBuffer(gzipSync(toBuffer(archive))) : archive);
  if (fine) return 0;
  process.complain('tar: error exit delayed from previous errors\n');
  return 1;
}

/** Adds a file, or a directory with all that is in it. */
function* addTo(parts: string[], process: Process, options: Parsed, path: string): Run<boolean> {
  if (process.step()) yield* process.pause();
  const node = attempt(() => stat(process, path, options.has('h')));
  const data = node instanceof Errno || node.kind !== 'file' ? '' : attempt(() => readFile(process, path));
  const failed = [node, data].find((one) => one instanceof Errno) as Errno | undefined;
  if (failed) {
    process.complain(`tar: ${path}: ${failed.message}\n`);
    return false;
  }
  const name = safeName(process, path);
  if (name !== '') {
    parts.push(encodeMember(memberOf(node as FsNode, name, data as string)), data as string, padding((data as string).length));
    if (options.has('v')) process.complain(`${name}\n`);
  }
  let fine = true;
  if ((node as FsNode).kind !== 'directory') return fine;
  for (const entry of names(process, path)) fine = (yield* addTo(parts, process, options, `${path.replace(/\/$/, '')}/${entry}`)) && fine;
  return fine;
}

function memberOf(node: FsNode, name: string, data: string): Member {
  const { mode, uid, gid } = node;
  const type = node.kind === 'directory' ? '5' : node.kind === 'link' ? '2' : '0';
  return {
    name: type === '5' && !name.endsWith('/') ? `${name}/` : name, type, mode: mode & 0o7777, uid, gid, size: data.length,
    modifiedAt: node.modifiedAt / 1000, target: node.kind === 'link' ? targetOf(node) : '',
  };
}

/** Without what would lead out of the directory; busybox says so once. */
function safeName(process: Process, path: string): string {
  const unsafe = /^(?:.*\/)?\.\.\/|^\/+/.exec(path)?.[0] ?? '';
  if (unsafe !== '' && !told.has(process)) {
    told.add(process);
    process.complain(`tar: removing leading '${unsafe}' from member names\n`);
  }
  return path.slice(unsafe.length);
}

const told = new WeakSet<Process>();

/** Reads an archive piece by piece, so that unpacking needs no end of its input. */
class ArchiveReader {
  readonly #process: Process;
  readonly #fd: number;
  #rest = '';

  constructor(process: Process, fd: number, unpacked?: string) {
    this.#process = process;
    this.#fd = unpacked === undefined ? fd : -1;
    this.#rest = unpacked ?? '';
  }

  /** Undefined when there is less. */
  * take(size: number): Run<string | undefined> {
    while (this.#rest.length < size) {
      const more = this.#fd < 0 ? '' : yield* this.#process.read(this.#fd);
      if (more === '') return undefined;
      this.#rest += more;
    }
    const taken = this.#rest.slice(0, size);
    this.#rest = this.#rest.slice(size);
    return taken;
  }
}

function* unpack(process: Process, options: Parsed, archive: number): Run<number> {
  const reader = new ArchiveReader(process, archive, options.has('z') || isPacked(process.file(archive)) ? gunzipped(yield* process.readAll(archive)) : undefined);
  let named: { name?: string; target?: string } = {};
  let status = 0;
  for (;;) {
    const block = yield* reader.take(blockBytes);
    const read = block === undefined ? undefined : decodeMember(block);
    if (read === undefined) return status;
    const data = read === 'invalid' ? undefined : yield* reader.take(read.size + padding(read.size).length);
    if (read === 'invalid' || data === undefined) {
      process.complain(read === 'invalid' ? 'tar: invalid tar magic\n' : 'tar: short read\n');
      return 1;
    }
    const content = data.slice(0, read.size);
    if ('LKxg'.includes(read.type)) named = { ...named, ...saidBefore(read.type, content) };
    else {
      if (!(yield* unpackMember(process, options, { ...read, ...named }, content))) status = 1;
      named = {};
    }
  }
}

/** Files can be looked into: they need no `z`. */
function isPacked({ node }: OpenFile): boolean {
  return node?.kind === 'file' && dataOf(node).startsWith('\x1f\x8b');
}

function gunzipped(data: string): string {
  try {
    return fromBuffer(gunzipSync(toBuffer(data)));
  } catch {
    return data;
  }
}

/** What a member says of the one that follows. */
function saidBefore(type: string, content: string): { name?: string; target?: string } {
  if (type === 'L') return { name: content.replace(/\0.*$/s, '') };
  if (type === 'K') return { target: content.replace(/\0.*$/s, '') };
  const records = type === 'x' ? extendedRecords(content) : new Map<string, string>();
  const name = records.get('path');
  const target = records.get('linkpath');
  return { ...(name === undefined ? {} : { name }), ...(target === undefined ? {} : { target }) };
}

function* unpackMember(process: Process, options: Parsed, member: Member, content: string): Run<boolean> {
  if (process.step()) yield* process.pause();
  const name = safeName(process, member.name).replace(/(.)\/+$/, '$1');
  const wanted = options.rest.map((path) => path.replace(/^\/+|\/+$/g, ''));
  if (name === '' || (wanted.length > 0 && !wanted.some((path) => name === path || name.startsWith(`${path}/`)))) return true;
  if (options.has('t') || options.has('v')) process.print(`${member.name}\n`);
  if (options.has('t')) return true;
  if (options.has('O')) {
    process.print(content);
    return true;
  }
  const error = attempt(() => place(process, options, name, member, content));
  if (!(error instanceof Errno)) return true;
  process.complain(`tar: can't open '${name}': ${error.message}\n`);
  return false;
}

function place(process: Process, options: Parsed, name: string, member: Member, content: string): void {
  const parents = name.split('/').slice(0, -1);
  parents.forEach((_, i) => makeFolder(process, parents.slice(0, i + 1).join('/')));
  if (member.type === '5') makeFolder(process, name);
  else {
    const there = attempt(() => find(process, name, false));
    if (!(there instanceof Errno) && there.node) unlink(process, name);
    if (member.type === '2') return makeLink(process, member.target, name);
    if (member.type === '1') return hardLink(process, member.target, name);
    const made = file('', 0o600, process.machine.clock.now());
    addEntry(process, find(process, name), made);
    setData(process, made, content);
  }
  const node = stat(process, name);
  node.mode = member.mode;
  if (!options.has('m')) node.modifiedAt = member.modifiedAt * 1000;
  if (process.credentials.uid === 0 && !options.has('o')) Object.assign(node, { uid: member.uid, gid: member.gid });
}

function makeFolder(process: Process, path: string): void {
  const made = attempt(() => makeDirectory(process, path));
  if (made instanceof Errno && made.code !== 'EEXIST') throw made;
}
