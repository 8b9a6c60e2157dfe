/**
 * How long the runtime's own steps take. `realistic` uses what real runs showed (medians of an idle node with local
 * images), `fast` takes no time. What a program does and what an image's catalogue entry says is never shortened.
 */
export interface RuntimeLatencies {
  /** Creating a sandbox with its network. */
  readonly sandboxMs: number;
  /** Starting a created container. */
  readonly startMs: number;
  /** Starting a command in a running container. */
  readonly execMs: number;
  /** Entering the network of a sandbox to forward a port. */
  readonly forwardMs: number;
  /** Pulling an image whose catalogue entry names no time. */
  readonly pullMs: number;
  /** A pull that fails. */
  readonly pullFailureMs: number;
}

export const realisticLatencies: RuntimeLatencies = { sandboxMs: 270, startMs: 100, execMs: 60, forwardMs: 10, pullMs: 500, pullFailureMs: 250 };

export const fastLatencies: RuntimeLatencies = { sandboxMs: 0, startMs: 0, execMs: 0, forwardMs: 0, pullMs: 0, pullFailureMs: 0 };
