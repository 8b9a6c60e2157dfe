/**
 * Expressions of the Common Expression Language, as far as validation rules use it. `at` is where cel-go points when something is
 * wrong with one: where it starts, its dot, its operator or its opening bracket.
 */
export type Expression =
  | { readonly op: 'literal'; readonly value: unknown; readonly type: LiteralType; readonly at: number }
  | { readonly op: 'name'; readonly name: string; readonly at: number }
  | { readonly op: 'select'; readonly of: Expression; readonly field: string; readonly at: number; readonly optional?: boolean }
  | { readonly op: 'has'; readonly of: Expression; readonly field: string; readonly at: number }
  | { readonly op: 'index'; readonly of: Expression; readonly index: Expression; readonly at: number; readonly optional?: boolean }
  /** `?x` in a list and `?k: x` in a map: left out when there is no value. */
  | { readonly op: 'maybe'; readonly of: Expression; readonly at: number }
  | { readonly op: 'list'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly op: 'map'; readonly entries: readonly (readonly [key: Expression, value: Expression])[]; readonly at: number }
  /** An object written out, `Object.spec{replicas: 1}`; its type is a name or names with dots. */
  | { readonly op: 'object'; readonly type: Expression; readonly fields: readonly ObjectField[]; readonly at: number }
  | { readonly op: 'not' | 'negate'; readonly of: Expression; readonly at: number }
  | { readonly op: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression; readonly at: number }
  | { readonly op: 'conditional'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression; readonly at: number }
  | { readonly op: 'call'; readonly name: string; readonly target: Expression | undefined; readonly args: readonly Expression[]; readonly at: number }
  /** `a.or(b)` and `a.orValue(b)`, which look at `b` only when they must. */
  | { readonly op: 'otherwise'; readonly of: Expression; readonly alternative: Expression; readonly unwraps: boolean; readonly at: number }
  | { readonly op: 'macro'; readonly name: string; readonly of: Expression; readonly variables: readonly string[]; readonly body: readonly Expression[]; readonly at: number };

/** What the emulator does not know of CEL. */
export class UnsupportedExpression extends Error {}

/** `at` is its colon. */
export interface ObjectField {
  readonly name: string;
  readonly value: Expression;
  readonly at: number;
}

export type LiteralType = 'bool' | 'bytes' | 'double' | 'int' | 'null_type' | 'string' | 'uint';

/** `at` counts characters from 0. */
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

/** Throws them, if there are any. */
export function throwFaults([first, ...others]: readonly Fault[]): void {
  if (first) throw new ExpressionError(first.message, first.at, others);
}

/** Faults as cel-go shows them: the line, and an arrow below. What is not ASCII has dots and arrows of its own width. */
export function faultsText(text: string, faults: readonly Fault[]): string {
  return faults.map(({ message, at }) => {
    if (text === '') return `ERROR: <input>:1:0: ${message}`;
    const before = text.slice(0, at).split('\n');
    const line = text.split('\n')[before.length - 1]!.replaceAll('\t', ' ');
    const start = [...before.at(-1)!];
    const pointed = [...line][start.length];
    const dots = start.map((char) => (char > '\x7f' ? '\uff0e' : '.')).join('');
    return `ERROR: <input>:${before.length}:${start.length + 1}: ${message}\n | ${line}\n | ${dots}${pointed && pointed > '\x7f' ? '\uff3e' : '^'}`;
  }).join('\n');
}
