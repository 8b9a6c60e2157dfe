/**
 * The server's side of a SPDY/3.1 connection, as far as Kubernetes clients use it: streams that the client opens, data
 * both ways, half-close, reset, ping, go-away. Flow control and priorities are left out, as they are in the library that
 * kubectl and the kubelet share (github.com/moby/spdystream).
 */
import type { Duplex } from 'node:stream';
import { limits } from '../src/limits.ts';
import { emptyHeaders, HeaderReader } from './spdy-headers.ts';

const frame = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const;
const headBytes = 8;
const finFlag = 0x01;
const version = 0x8003;

/** One stream. What comes before a handler is set waits for it. */
export class SpdyStream {
  readonly id: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly #send: (frame: Buffer) => void;
  #waiting: Buffer[] = [];
  #onData: ((chunk: Buffer) => void) | undefined;
  #onEnd: (() => void) | undefined;
  #ended = false;
  #closed = false;

  constructor(id: number, headers: ReadonlyMap<string, string>, send: (frame: Buffer) => void) {
    this.id = id;
    this.headers = headers;
    this.#send = send;
  }

  read(onData: (chunk: Buffer) => void, onEnd: () => void): void {
    this.#onData = onData;
    this.#onEnd = onEnd;
    for (const chunk of this.#waiting.splice(0)) onData(chunk);
    if (this.#ended) onEnd();
  }

  write(chunk: Uint8Array): void {
    if (!this.#closed && chunk.length > 0) this.#send(dataFrame(this.id, 0, chunk));
  }

  /** No more data from this side. */
  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#send(dataFrame(this.id, finFlag, new Uint8Array(0)));
  }

  /** What the connection got for this stream. */
  receive(chunk: Buffer, isLast: boolean): void {
    if (this.#ended) return;
    if (chunk.length > 0) {
      if (this.#onData) this.#onData(chunk);
      else this.#waiting.push(chunk);
    }
    if (!isLast) return;
    this.#ended = true;
    this.#onEnd?.();
  }
}

export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #accept: (stream: SpdyStream) => void;
  readonly #headers = new HeaderReader();
  readonly #streams = new Map<number, SpdyStream>();
  #rest: Buffer = Buffer.alloc(0);
  #lastId = 0;
  #replied = false;
  /** Frames are handled one after the other: a header block takes a turn of the event loop to inflate. */
  #work: Promise<void> = Promise.resolve();

  /** `accept` is told each stream that the client opens, after it has been confirmed; `closed` once, at the end. */
  constructor(socket: Duplex, accept: (stream: SpdyStream) => void, closed: () => void) {
    this.#socket = socket;
    this.#accept = accept;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#headers.close();
      closed();
    });
    socket.on('end', () => socket.end());
  }

  /** Says goodbye after what was written. */
  close(): void {
    const body = Buffer.alloc(8);
    body.writeUInt32BE(this.#lastId);
    this.#send(controlFrame(frame.goAway, body));
    this.#socket.end();
  }

  #receive(chunk: Buffer): void {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (rest.length >= headBytes) {
      const size = headBytes + rest.readUIntBE(5, 3);
      if (rest.length < size) break;
      const whole = rest.subarray(0, size);
      this.#work = this.#work.then(() => this.#handle(whole)).catch(() => void this.#socket.destroy());
      rest = rest.subarray(size);
    }
    this.#rest = rest;
  }

  async #handle(whole: Buffer): Promise<void> {
    const body = whole.subarray(headBytes);
    const isLast = (whole[4]! & finFlag) !== 0;
    const head = whole.readUInt32BE(0);
    if (head < 0x8000_0000) return this.#streams.get(head)?.receive(body, isLast);
    switch (head & 0xffff) {
      case frame.synStream: return this.#open(body, isLast);
      case frame.rstStream: {
        const id = body.readUInt32BE(0);
        this.#streams.get(id)?.receive(Buffer.alloc(0), true);
        this.#streams.delete(id);
        return;
      }
      case frame.ping: return this.#send(whole);
      case frame.goAway: return;
      default: return;
    }
  }

  async #open(body: Buffer, isLast: boolean): Promise<void> {
    const id = body.readUInt32BE(0);
    const stream = new SpdyStream(id, await this.#headers.read(body.subarray(10)), (data) => this.#send(data));
    this.#lastId = id;
    this.#streams.set(id, stream);
    const reply = Buffer.alloc(4);
    reply.writeUInt32BE(id);
    this.#send(controlFrame(frame.synReply, Buffer.concat([reply, emptyHeaders(!this.#replied)])));
    this.#replied = true;
    this.#accept(stream);
    if (isLast) stream.receive(Buffer.alloc(0), true);
  }

  #send(data: Buffer): void {
    if (this.#socket.writableLength > limits.unreadBytesMax) this.#socket.destroy();
    if (this.#socket.writable) this.#socket.write(data);
  }
}

function controlFrame(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt16BE(version, 0);
  head.writeUInt16BE(type, 2);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

function dataFrame(id: number, flags: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(id, 0);
  head[4] = flags;
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}
