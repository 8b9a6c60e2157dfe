/** Pipes between processes, also those with a name in the file tree. */
import { Errno } from './errno.ts';
import type { FsNode } from './files/nodes.ts';
import { programLimits } from './limits.ts';
import { take, type OpenFile } from './open-file.ts';
import { WaitQueue } from './wait.ts';

type Side = 'read' | 'write' | 'both';

export class Pipe {
  readonly ready = new WaitQueue();
  data = '';
  readers = 0;
  writers = 0;
  /** A pipe with a name waits for its first reader and writer, as opening it does. */
  readonly #named: boolean;
  #metReader = false;
  #metWriter = false;

  constructor(named = false) {
    this.#named = named;
  }

  /** Nobody writes any more. */
  get ended(): boolean {
    return this.writers === 0 && (!this.#named || this.#metWriter);
  }

  /** Nobody reads any more. */
  get broken(): boolean {
    return this.readers === 0 && (!this.#named || this.#metReader);
  }

  /** Somebody can read it now, or could for an anonymous pipe. */
  get open(): boolean {
    return this.readers > 0;
  }

  count(side: Side, change: 1 | -1): void {
    if (side !== 'write') this.readers += change;
    if (side !== 'read') this.writers += change;
    if (this.readers > 0) this.#metReader = true;
    if (this.writers > 0) this.#metWriter = true;
    if (this.readers === 0 && this.writers === 0) {
      this.#metReader = false;
      this.#metWriter = false;
    }
    this.ready.wakeAll();
  }

  /** The end to read from. */
  reader(node?: FsNode, path?: string): OpenFile {
    return new PipeEnd(this, 'read', node, path);
  }

  /** The end to write to. */
  writer(node?: FsNode, path?: string): OpenFile {
    return new PipeEnd(this, 'write', node, path);
  }

  /** Both ends in one descriptor, as `<>` opens a pipe with a name. */
  both(node?: FsNode, path?: string): OpenFile {
    return new PipeEnd(this, 'both', node, path);
  }
}

class PipeEnd implements OpenFile {
  readonly node: FsNode | undefined;
  readonly path: string | undefined;
  readonly isTerminal = false;
  readonly #pipe: Pipe;
  readonly #side: Side;
  #users = 0;

  constructor(pipe: Pipe, side: Side, node: FsNode | undefined, path: string | undefined) {
    this.#pipe = pipe;
    this.#side = side;
    this.node = node;
    this.path = path;
  }

  get ready(): WaitQueue {
    return this.#pipe.ready;
  }

  read(max: number, until?: string): string | undefined {
    const pipe = this.#pipe;
    if (this.#side === 'write') throw new Errno('EBADF');
    if (pipe.data === '') return pipe.ended ? '' : undefined;
    const data = take(pipe.data, max, until);
    pipe.data = pipe.data.slice(data.length);
    pipe.ready.wakeAll();
    return data;
  }

  write(data: string): number {
    const pipe = this.#pipe;
    if (this.#side === 'read') throw new Errno('EBADF');
    if (pipe.broken) throw new Errno('EPIPE');
    if (!pipe.open) return 0;
    const room = programLimits.pipeBytesMax - pipe.data.length;
    if (room <= 0) return 0;
    const taken = data.length <= room ? data : data.slice(0, room);
    pipe.data += taken;
    pipe.ready.wakeAll();
    return taken.length;
  }

  retain(): void {
    if (this.#users++ === 0) this.#pipe.count(this.#side, 1);
  }

  release(): void {
    if (--this.#users === 0) this.#pipe.count(this.#side, -1);
  }
}
