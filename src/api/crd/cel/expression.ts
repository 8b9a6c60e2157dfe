/** Expressions of the Common Expression Language, as far as validation rules use it. */
export type Expression =
  | { readonly op: 'literal'; readonly value: unknown }
  | { readonly op: 'name'; readonly name: string; readonly at: number }
  /** `at` is where the dot is. */
  | { readonly op: 'select'; readonly of: Expression; readonly field: string; readonly at: number; readonly optional?: boolean }
  | { readonly op: 'has'; readonly of: Expression; readonly field: string; readonly at: number }
  | { readonly op: 'index'; readonly of: Expression; readonly index: Expression; readonly optional?: boolean }
  /** `?x` in a list and `?k: x` in a map: left out when there is no value. */
  | { readonly op: 'maybe'; readonly of: Expression }
  | { readonly op: 'list'; readonly items: readonly Expression[] }
  | { readonly op: 'map'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly op: 'not' | 'negate'; readonly of: Expression }
  | { readonly op: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly op: 'conditional'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
  | { readonly op: 'call'; readonly name: string; readonly target: Expression | undefined; readonly args: readonly Expression[] }
  /** `a.or(b)` and `a.orValue(b)`, which look at `b` only when they must. */
  | { readonly op: 'otherwise'; readonly of: Expression; readonly alternative: Expression; readonly unwraps: boolean }
  | { readonly op: 'macro'; readonly name: string; readonly of: Expression; readonly variables: readonly string[]; readonly body: readonly Expression[] };

/** What the emulator does not know of CEL. */
export class UnsupportedExpression extends Error {}

/** Text that is no expression; `at` counts characters from 0. */
export class ExpressionError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
