/** What is wrong with the text of an expression, in cel-go's words (common/error.go). */

/** `at` counts UTF-16 units from 0; -1 for what is wrong as a whole. */
export interface Fault {
  readonly message: string;
  readonly at: number;
}

/** Text that is no expression, or not one that can be worth anything. The message is that of the first fault. */
export class ExpressionError extends Error {
  readonly faults: readonly Fault[];

  constructor(message: string, at: number, others: readonly Fault[] = []) {
    super(message);
    this.faults = [{ message, at }, ...others];
  }
}

/** Throws them in the order of the text, if there are any. */
export function throwFaults(faults: readonly Fault[]): void {
  const [first, ...others] = faults.toSorted((a, b) => a.at - b.at);
  if (first) throw new ExpressionError(first.message, first.at, others);
}

const shownMax = 100;

/** Faults as cel-go shows them, one after the other. */
export function faultsText(text: string, faults: readonly Fault[]): string {
  const more = faults.length - shownMax;
  const lines = faults.slice(0, shownMax).map((fault) => faultText(text, fault));
  return [...lines, ...(more > 0 ? [`${more} more errors were truncated`] : [])].join('\n');
}

/** The line, and an arrow below. What is not ASCII has dots and arrows of its own width. */
function faultText(text: string, { message, at }: Fault): string {
  if (at < 0) return `ERROR: <input>:-1:0: ${message}`;
  if (text === '') return `ERROR: <input>:1:0: ${message}`;
  const before = text.slice(0, at).split('\n');
  const line = text.split('\n')[before.length - 1]!.replaceAll('\t', ' ');
  const start = [...before.at(-1)!];
  const pointed = [...line][start.length];
  const dots = start.map((char) => (char > '\x7f' ? '\uff0e' : '.')).join('');
  return `ERROR: <input>:${before.length}:${start.length + 1}: ${message}\n | ${line}\n | ${dots}${pointed && pointed > '\x7f' ? '\uff3e' : '^'}`;
}
