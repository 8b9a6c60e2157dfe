/**
 * The line between a watch and its client. Frames pass straight through it until a fault ends, breaks or disturbs it,
 * never beyond what Kubernetes allows: the events of one object keep their order, and its newest state arrives.
 */
import type { ApiStream, StreamSink } from '../../api/streams.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { WatchFault } from '../../schema/fakelet/fault.ts';
import { drawMs } from '../rule-durations.ts';
import type { Prng } from '../../lib/prng.ts';
import type { RequestFacts } from './request-facts.ts';

interface Frame {
  readonly chunk: Uint8Array;
  readonly object: string | undefined;
  readonly isChange: boolean;
}

const holdMs = 1_000;
const modified = Buffer.from('MODIFIED');
/** Where a frame names its type, in JSON and in protobuf. */
const typeBytesMax = 32;

export class WatchLine implements StreamSink {
  readonly facts: RequestFacts;
  readonly #clock: Clock;
  readonly #random: Prng;
  readonly #onClose: (line: WatchLine) => void;
  #sink: StreamSink | undefined;
  #stop: () => void = () => {};
  #fault: WatchFault | undefined;
  /** Events that still pass before the fault begins. */
  #letThrough = 0;
  #begun = false;
  #held: Frame[] = [];
  readonly #timers = new Set<Timer>();
  #closed = false;

  constructor(facts: RequestFacts, clock: Clock, random: Prng, onClose: (line: WatchLine) => void) {
    this.facts = facts;
    this.#clock = clock;
    this.#random = random;
    this.#onClose = onClose;
  }

  /** The stream as the client gets it. */
  through(source: ApiStream): ApiStream {
    return {
      start: (sink) => {
        this.#sink = sink;
        const stop = source.start(this);
        this.#stop = stop;
        if (this.#closed) stop();
        return () => {
          this.#close();
          stop();
        };
      },
    };
  }

  /** Disturbs the watch from now on. */
  disturb(fault: WatchFault): void {
    this.#fault = fault;
    this.#letThrough = fault.afterEvents ?? 0;
    this.#begun = fault.after === undefined;
    if (fault.after !== undefined) {
      this.#after(drawMs(fault.after, 'after', this.#random), () => {
        this.#begun = true;
        this.#endIfDue();
      });
    }
    this.#after(0, () => this.#endIfDue());
  }

  /** The connection is lost. */
  break(): void {
    const sink = this.#sink;
    if (this.#closed) return;
    this.#close();
    this.#stop();
    if (sink?.break) sink.break();
    else sink?.end();
  }

  write(chunk: Uint8Array, object?: string): void {
    if (!this.#fault) return this.#sink!.write(chunk, object);
    if (this.#closed) return;
    if (!this.#begun || this.#letThrough > 0) {
      if (object !== undefined) this.#letThrough--;
      this.#sink!.write(chunk, object);
      return this.#endIfDue();
    }
    this.#disturbed({ chunk, object, isChange: Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, typeBytesMax)).includes(modified) }, this.#fault);
  }

  end(): void {
    if (this.#closed) return;
    this.#flush();
    this.#close();
    this.#sink?.end();
  }

  bufferedBytes(): number {
    return this.#sink?.bufferedBytes() ?? 0;
  }

  #disturbed(frame: Frame, fault: WatchFault): void {
    // Bookmarks and errors say that all before them has arrived.
    if (frame.object === undefined && fault.do !== 'stall') {
      this.#flush();
      return this.#send(frame);
    }
    switch (fault.do) {
      case 'end': case 'break': return this.#endIfDue();
      case 'duplicate':
        this.#send(frame);
        return this.#send(frame);
      case 'stall':
        this.#held.push(frame);
        if (this.#held.length === 1 && fault.for !== undefined) this.#after(drawMs(fault.for, 'for', this.#random), () => this.#flush());
        return;
      case 'drop': {
        const held = this.#held.findIndex((other) => other.object === frame.object);
        // What has not been shown is left out if it was only a change.
        if (held >= 0 && this.#held[held]!.isChange) this.#held.splice(held, 1);
        else if (held >= 0) this.#flush();
        return this.#hold(frame, fault);
      }
      case 'reorder': {
        const [other] = this.#held;
        if (!other) return this.#hold(frame, fault);
        const swaps = other.object !== frame.object;
        this.#held = [];
        for (const next of swaps ? [frame, other] : [other, frame]) this.#send(next);
      }
    }
  }

  #hold(frame: Frame, fault: WatchFault): void {
    this.#held.push(frame);
    if (this.#held.length === 1) this.#after(fault.for === undefined ? holdMs : drawMs(fault.for, 'for', this.#random), () => this.#flush());
  }

  #flush(): void {
    for (const frame of this.#held.splice(0)) this.#send(frame);
  }

  #send({ chunk, object }: Frame): void {
    this.#sink!.write(chunk, object);
  }

  #endIfDue(): void {
    if (this.#closed || !this.#begun || this.#letThrough > 0) return;
    if (this.#fault?.do === 'break') return this.break();
    if (this.#fault?.do !== 'end') return;
    this.#stop();
    this.end();
  }

  #after(delayMs: number, run: () => void): void {
    const timer = this.#clock.after(delayMs, 'watch fault', () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }

  #close(): void {
    this.#closed = true;
    for (const timer of this.#timers) this.#clock.cancel(timer);
    this.#timers.clear();
    this.#onClose(this);
  }
}
