/** The log of one container: lines with times, bounded by dropping the oldest. */
import type { Millis } from '../clock/clock.ts';
import { decodeText } from '../programs/bytes.ts';
import type { LogLine } from './runtime.ts';

type Stream = LogLine['stream'];
type Follower = (line: LogLine) => void;

/** What a log may grow to between two looks of a kubelet, which rotates it at 10 MiB, with time and stream of each line. */
const bytesMax = 32 * 1024 * 1024;
const bytesPerLine = 40;
const lineBytesMax = 16 * 1024;

interface Subscriber {
  readonly follow: Follower;
  readonly ended: (() => void) | undefined;
}

/** Somebody who is attached: hears bytes, not lines. */
interface Listener {
  heard(stream: Stream, bytes: string): void;
  ended(): void;
}

export class ContainerLog {
  #lines: LogLine[] = [];
  #bytes = 0;
  #closed = false;
  readonly #rest: Record<Stream, string> = { stdout: '', stderr: '' };
  readonly #subscribers = new Set<Subscriber>();
  readonly #listeners = new Set<Listener>();

  /**
   * Adds what a program wrote. A line is complete at its newline, of which containerd also drops a carriage return; what is
   * left is given out when the program ends.
   */
  write(stream: Stream, bytes: string, at: Millis): void {
    for (const { heard } of this.#listeners) heard(stream, bytes);
    const text = this.#rest[stream] + bytes;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#add({ at, stream, text: decodeText(text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end)), partial: false });
      start = end + 1;
    }
    this.#rest[stream] = text.slice(start);
    // containerd gives a long line out in parts.
    while (this.#rest[stream].length > lineBytesMax) {
      this.#add({ at, stream, text: decodeText(this.#rest[stream].slice(0, lineBytesMax)), partial: true });
      this.#rest[stream] = this.#rest[stream].slice(lineBytesMax);
    }
  }

  /** The program has ended. */
  close(at: Millis): void {
    if (this.#closed) return;
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#rest[stream] !== '') this.#add({ at, stream, text: decodeText(this.#rest[stream]), partial: true });
      this.#rest[stream] = '';
    }
    this.#closed = true;
    for (const { ended } of this.#subscribers) ended?.();
    this.#subscribers.clear();
    for (const { ended } of this.#listeners) ended();
    this.#listeners.clear();
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Calls `follow` for later lines until the returned function is called, and `ended` when there will be no more. */
  subscribe(follow: Follower, ended: (() => void) | undefined): () => void {
    const subscriber = { follow, ended };
    if (this.#closed) ended?.();
    else this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Calls `heard` for all that is written from now on, as it comes, until the returned function is called. */
  listen(heard: Listener['heard'], ended: () => void): () => void {
    const listener = { heard, ended };
    if (this.#closed) ended();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(line: LogLine): void {
    this.#lines.push(line);
    this.#bytes += line.text.length + bytesPerLine;
    if (this.#bytes > bytesMax) this.#drop();
    for (const { follow } of [...this.#subscribers]) follow(line);
  }

  #drop(): void {
    let dropped = 0;
    while (this.#bytes > bytesMax / 2 && dropped < this.#lines.length - 1) this.#bytes -= this.#lines[dropped++]!.text.length + bytesPerLine;
    this.#lines = this.#lines.slice(dropped);
  }
}
