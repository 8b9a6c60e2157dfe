/** Open files: what a descriptor of a process stands for. Reads and writes never wait; they say that they would. */
import { Errno } from './errno.ts';
import { dataOf, type DeviceNode, type FileNode, type FsNode } from './files/nodes.ts';
import { programLimits } from './limits.ts';
import type { Tty } from './tty.ts';
import { WaitQueue } from './wait.ts';

export interface OpenFile {
  /** The node behind it, for fstat; undefined for pipes, sockets and streams. */
  readonly node: FsNode | undefined;
  readonly path: string | undefined;
  readonly isTerminal: boolean;
  /** The terminal that it is, if it is one. */
  readonly tty?: Tty | undefined;
  /** Woken when `read` or `write` may succeed. */
  readonly ready: WaitQueue;
  /** Bytes whose writing counts as a step, where it is not cheap. */
  readonly bytesPerStep?: number;
  /** Up to `max` bytes, not beyond the first `until`; '' at the end of the file, undefined when it would wait. */
  read(max: number, until?: string): string | undefined;
  /** Bytes taken, 0 when it would wait. Throws Errno (EPIPE, ENOSPC, EBADF). */
  write(data: string): number;
  retain(): void;
  release(): void;
}

/** The first bytes of `data` that a read with these bounds takes. */
export function take(data: string, max: number, until: string | undefined): string {
  let end = Math.min(max, data.length);
  if (until !== undefined) {
    const at = data.indexOf(until);
    if (at >= 0 && at < end) end = at + 1;
  }
  return end === data.length ? data : data.slice(0, end);
}

abstract class Counted {
  readonly ready = new WaitQueue();
  readonly isTerminal: boolean = false;
  #users = 0;

  retain(): void {
    this.#users++;
  }

  release(): void {
    if (--this.#users === 0) this.closed();
  }

  protected closed(): void {}
}

/** A file of a tree, with an offset shared by all who inherited the descriptor. */
export class RegularFile extends Counted implements OpenFile {
  readonly node: FileNode;
  readonly path: string;
  offset = 0;
  readonly #append: boolean;
  readonly #writable: boolean;
  readonly #now: () => number;

  constructor(node: FileNode, path: string, mode: { append: boolean; writable: boolean }, now: () => number) {
    super();
    this.node = node;
    this.path = path;
    this.#append = mode.append;
    this.#writable = mode.writable;
    this.#now = now;
  }

  read(max: number, until?: string): string {
    const data = dataOf(this.node);
    if (this.offset >= data.length) return '';
    const start = this.offset;
    let end = Math.min(data.length, start + max);
    if (until !== undefined) {
      const at = data.indexOf(until, start);
      if (at >= 0 && at < end) end = at + 1;
    }
    this.offset = end;
    return data.slice(start, end);
  }

  write(data: string): number {
    if (!this.#writable) throw new Errno('EBADF');
    const before = dataOf(this.node);
    const at = this.#append ? before.length : this.offset;
    if (at + data.length > programLimits.fileBytesMax) throw new Errno('ENOSPC');
    if (at === before.length) this.node.data = before + data;
    else if (at > before.length) this.node.data = before + '\0'.repeat(at - before.length) + data;
    else this.node.data = before.slice(0, at) + data + before.slice(at + data.length);
    this.offset = at + data.length;
    touched(this.node, this.#now());
    return data.length;
  }
}

export function touched(node: FileNode, now: number): void {
  node.modifiedAt = now;
  node.changed?.wakeAll();
}

const zeros = '\0'.repeat(65_536);

export class DeviceFile extends Counted implements OpenFile {
  readonly node: DeviceNode;
  readonly path: string;
  readonly #random: () => number;

  constructor(node: DeviceNode, path: string, random: () => number) {
    super();
    this.node = node;
    this.path = path;
    this.#random = random;
  }

  read(max: number): string {
    switch (this.node.device) {
      case 'zero':
      case 'full': return max >= zeros.length ? zeros : zeros.slice(0, max);
      case 'random': {
        let data = '';
        for (let i = Math.min(max, 4096); i > 0; i--) data += String.fromCharCode(this.#random() & 255);
        return data;
      }
      default: return '';
    }
  }

  write(data: string): number {
    if (this.node.device === 'full') throw new Errno('ENOSPC');
    return data.length;
  }
}

/** A descriptor that hands what is written to a function, such as a container's log. Nothing can be read from it. */
export class SinkFile extends Counted implements OpenFile {
  readonly node = undefined;
  readonly path: string | undefined;
  override readonly isTerminal: boolean;
  readonly tty: Tty | undefined;
  /** Whoever takes it has work to do for every line. */
  readonly bytesPerStep = 4;
  readonly #sink: (data: string) => void;

  constructor(path: string, tty: Tty | undefined, sink: (data: string) => void) {
    super();
    this.path = tty?.path ?? path;
    this.isTerminal = tty !== undefined;
    this.tty = tty;
    this.#sink = sink;
  }

  read(): string {
    return '';
  }

  write(data: string): number {
    this.#sink(data);
    return data.length;
  }
}

/**
 * Input that comes from outside of the container: the stdin of an exec or attach session. It takes all that it is given
 * and says when that is more than a pipe holds, so that whoever gives can wait.
 */
export class SourceFile extends Counted implements OpenFile {
  readonly node = undefined;
  readonly path = undefined;
  override readonly isTerminal: boolean;
  readonly tty: Tty | undefined;
  /** Woken when there is room again after it was full. */
  readonly room = new WaitQueue();
  #data = '';
  #ended = false;

  constructor(tty: Tty | undefined) {
    super();
    this.isTerminal = tty !== undefined;
    this.tty = tty;
  }

  /** Nobody will ever read it. */
  protected override closed(): void {
    this.end();
    this.#data = '';
  }

  /** More waits to be read than a pipe holds. */
  get full(): boolean {
    return !this.#ended && this.#data.length >= programLimits.pipeBytesMax;
  }

  push(data: string): void {
    if (this.#ended) return;
    this.#data += data;
    this.ready.wakeAll();
  }

  end(): void {
    const wasFull = this.full;
    this.#ended = true;
    if (wasFull) this.room.wakeAll();
    this.ready.wakeAll();
  }

  read(max: number, until?: string): string | undefined {
    if (this.#data === '') return this.#ended ? '' : undefined;
    const wasFull = this.full;
    const data = take(this.#data, max, until);
    this.#data = this.#data.slice(data.length);
    if (wasFull && !this.full) this.room.wakeAll();
    return data;
  }

  write(): number {
    throw new Errno('EBADF');
  }
}
