/** Ways for a process to end. */

export interface ExitStatus {
  /** 0 … 255, or 128 + signal. */
  readonly code: number;
  readonly signal?: number;
}

/** The program came to an end from within, for example by `exit` deep inside of it. */
export class Exit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** Unwinds a program whose process was killed while it ran. */
export class Killed {}
