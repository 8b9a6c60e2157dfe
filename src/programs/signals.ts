/** Signal numbers of Linux on x86-64 and what they do to a process without a handler. */

const names = [
  'EXIT', 'HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM', 'TERM',
  'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'POLL', 'PWR', 'SYS',
] as const;

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGSEGV = 11;
export const SIGPIPE = 13;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGWINCH = 28;

const descriptions: Readonly<Record<number, string>> = {
  1: 'Hangup', 2: 'Interrupt', 3: 'Quit', 4: 'Illegal instruction', 5: 'Trace/breakpoint trap', 6: 'Aborted', 7: 'Bus error',
  8: 'Floating point exception', 9: 'Killed', 10: 'User defined signal 1', 11: 'Segmentation fault', 12: 'User defined signal 2',
  13: 'Broken pipe', 14: 'Alarm clock', 15: 'Terminated', 16: 'Stack fault', 24: 'CPU time limit exceeded', 25: 'File size limit exceeded',
  26: 'Virtual timer expired', 27: 'Profiling timer expired', 29: 'I/O possible', 30: 'Power failure', 31: 'Bad system call',
};

const ignoredByDefault: ReadonlySet<number> = new Set([SIGCHLD, SIGCONT, 23, SIGWINCH]);
const stopping: ReadonlySet<number> = new Set([SIGSTOP, 20, 21, 22]);

export const signalCount = names.length;

/** `TERM` for 15; undefined for a number without a name. */
export function signalName(number: number): string | undefined {
  return names[number];
}

/** The number of `TERM`, `SIGTERM`, `term` or `15`; undefined when there is no such signal. */
export function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) < names.length ? Number(text) : undefined;
  const at = (names as readonly string[]).indexOf(text.toUpperCase().replace(/^SIG/, ''));
  return at < 0 ? undefined : at;
}

/** What a shell prints about a child that a signal ended. */
export function signalDescription(number: number): string {
  return descriptions[number] ?? `Real-time signal ${number - 34}`;
}

/** A set of signals in one number: every process has two. */
export class SignalSet {
  #bits: number;

  constructor(from?: SignalSet) {
    this.#bits = from ? from.#bits : 0;
  }

  has(signal: number): boolean {
    return (this.#bits & (1 << signal)) !== 0;
  }

  add(signal: number): this {
    this.#bits |= 1 << signal;
    return this;
  }

  delete(signal: number): void {
    this.#bits &= ~(1 << signal);
  }

  clear(): void {
    this.#bits = 0;
  }
}

export type DefaultAction = 'terminate' | 'ignore' | 'stop';

export function defaultAction(number: number): DefaultAction {
  if (ignoredByDefault.has(number)) return 'ignore';
  return stopping.has(number) ? 'stop' : 'terminate';
}
