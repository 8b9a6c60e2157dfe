/** A refusal of the emulator's own surface: "Failed to X: why. Do Y." */
export class EmulatorError extends Error {
  readonly httpStatus: number;
  /** The state that the refusal is about, when it helps. */
  readonly object: unknown;

  constructor(httpStatus: number, message: string, object?: unknown) {
    super(message);
    this.httpStatus = httpStatus;
    this.object = object;
  }
}
