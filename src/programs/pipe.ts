/** Pipes between processes, also those with a name in the file tree. */
import { Errno } from './errno.ts';
import type { FsNode } from './files/nodes.ts';
import { programLimits } from './limits.ts';
import { take, type OpenFile } from './open-file.ts';
import { WaitQueue } from './wait.ts';

export class Pipe {
  readonly ready = new WaitQueue();
  data = '';
  readers = 0;
  writers = 0;

  /** The end to read from. */
  reader(node?: FsNode, path?: string): OpenFile {
    return new PipeEnd(this, 'read', node, path);
  }

  /** The end to write to. */
  writer(node?: FsNode, path?: string): OpenFile {
    return new PipeEnd(this, 'write', node, path);
  }
}

class PipeEnd implements OpenFile {
  readonly node: FsNode | undefined;
  readonly path: string | undefined;
  readonly isTerminal = false;
  readonly #pipe: Pipe;
  readonly #side: 'read' | 'write';
  #users = 0;

  constructor(pipe: Pipe, side: 'read' | 'write', node: FsNode | undefined, path: string | undefined) {
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
    if (pipe.data === '') return pipe.writers === 0 ? '' : undefined;
    const data = take(pipe.data, max, until);
    pipe.data = pipe.data.slice(data.length);
    pipe.ready.wakeAll();
    return data;
  }

  write(data: string): number {
    const pipe = this.#pipe;
    if (this.#side === 'read') throw new Errno('EBADF');
    if (pipe.readers === 0) throw new Errno('EPIPE');
    const room = programLimits.pipeBytesMax - pipe.data.length;
    if (room <= 0) return 0;
    const taken = data.length <= room ? data : data.slice(0, room);
    pipe.data += taken;
    pipe.ready.wakeAll();
    return taken.length;
  }

  retain(): void {
    if (this.#users++ > 0) return;
    if (this.#side === 'read') this.#pipe.readers++;
    else this.#pipe.writers++;
    this.#pipe.ready.wakeAll();
  }

  release(): void {
    if (--this.#users > 0) return;
    if (this.#side === 'read') this.#pipe.readers--;
    else this.#pipe.writers--;
    this.#pipe.ready.wakeAll();
  }
}
