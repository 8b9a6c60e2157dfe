/**
 * The recording: everything that came into a cluster from outside since its start, with the clock time at which it came.
 * A cluster is a function of its settings, its start time and these inputs, so a recording is also its whole state, exact
 * even for a Pod in the middle of a script: see `replay.ts`. Reads change nothing and are not recorded.
 */
import type { Millis } from '../clock/clock.ts';
import type { User } from '../api/services.ts';

export type Input =
  | { readonly kind: 'request'; readonly method: string; readonly path: string; readonly query: string;
      readonly headers: Readonly<Record<string, string | undefined>>; readonly body: Uint8Array; readonly user: User }
  /** A call on the controls: `exitContainer`, `behaviors.add`. */
  | { readonly kind: 'control'; readonly verb: string; readonly args: readonly unknown[] }
  /** A call on a session (exec, attach, port-forward), or the call that opens one on the answer of request `request`. */
  | { readonly kind: 'session'; readonly session: number; readonly request?: number; readonly call: string; readonly args: readonly unknown[] };

/** `sequence` is that of the journal before the input, so that a replayed journal counts on from the same numbers. */
export type RecordedInput = Input & { readonly at: Millis; readonly sequence: number };

/** Bytes that an input takes beside its body, roughly. */
const inputBytes = 400;

export class Recording {
  readonly startMs: Millis;
  readonly #bytesMax: number;
  #inputs: RecordedInput[] = [];
  #bytes = 0;

  /** Above `bytesMax` it gives up, and lets go of what it has. */
  constructor(startMs: Millis, bytesMax: number) {
    this.startMs = startMs;
    this.#bytesMax = bytesMax;
  }

  /** False when the recording became too long. */
  get isWhole(): boolean {
    return this.#bytes <= this.#bytesMax;
  }

  get length(): number {
    return this.#inputs.length;
  }

  add(input: RecordedInput): void {
    if (!this.isWhole) return;
    this.#bytes += inputBytes + (input.kind === 'request' ? input.body.length : 0);
    this.#inputs.push(input);
    if (!this.isWhole) this.#inputs = [];
  }

  /** The inputs so far. */
  inputs(): readonly RecordedInput[] {
    return this.#inputs.slice();
  }
}
