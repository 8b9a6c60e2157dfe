/** The syntax tree of an awk program. */

export type Expr =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'regex'; readonly regex: RegExp }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'field'; readonly index: Expr }
  | { readonly type: 'element'; readonly name: string; readonly keys: readonly Expr[] }
  | { readonly type: 'unary'; readonly operator: string; readonly operand: Expr }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly type: 'and' | 'or'; readonly left: Expr; readonly right: Expr }
  | { readonly type: 'conditional'; readonly test: Expr; readonly then: Expr; readonly otherwise: Expr }
  | { readonly type: 'assign'; readonly operator: string; readonly target: Expr; readonly value: Expr }
  | { readonly type: 'step'; readonly target: Expr; readonly by: 1 | -1; readonly after: boolean }
  | { readonly type: 'in'; readonly keys: readonly Expr[]; readonly name: string }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | { readonly type: 'getline'; readonly from: 'input' | 'file' | 'command'; readonly source: Expr | undefined; readonly target: Expr | undefined };

export type Statement =
  | { readonly type: 'expression'; readonly value: Expr }
  | { readonly type: 'print'; readonly formatted: boolean; readonly args: readonly Expr[]; readonly to: { readonly operator: '>' | '>>' | '|'; readonly target: Expr } | undefined }
  | { readonly type: 'block'; readonly body: readonly Statement[] }
  | { readonly type: 'if'; readonly test: Expr; readonly then: Statement; readonly otherwise: Statement | undefined }
  | { readonly type: 'while'; readonly test: Expr; readonly body: Statement; readonly atLeastOnce: boolean }
  | { readonly type: 'for'; readonly before: Statement | undefined; readonly test: Expr | undefined; readonly step: Statement | undefined; readonly body: Statement }
  | { readonly type: 'forIn'; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly type: 'delete'; readonly name: string; readonly keys: readonly Expr[] | undefined }
  | { readonly type: 'next' | 'nextfile' | 'break' | 'continue' }
  | { readonly type: 'exit' | 'return'; readonly value: Expr | undefined };

export interface Rule {
  readonly pattern: 'BEGIN' | 'END' | Expr | undefined;
  /** The end of a range. */
  readonly until: Expr | undefined;
  readonly body: Statement | undefined;
}

export interface AwkFunction {
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface Program {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}

/** What is wrong with a program, in busybox' words. */
export class AwkFault extends Error {}
