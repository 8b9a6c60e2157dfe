/** Ways for a process to end. */
import { SIGKILL, SIGSEGV } from './signals.ts';

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

/** What the bounds of our own engine mean to a program: out of memory, or out of stack. Undefined for other errors. */
export function crashStatus(error: unknown): ExitStatus | undefined {
  if (!(error instanceof RangeError)) return undefined;
  if (error.message.startsWith('Invalid string length')) return { code: 128 + SIGKILL, signal: SIGKILL };
  return error.message.startsWith('Maximum call stack') ? { code: 128 + SIGSEGV, signal: SIGSEGV } : undefined;
}
