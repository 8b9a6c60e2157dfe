/**
 * Expressions of the Common Expression Language once macros are written out (cel-go's common/ast). `at` is where cel-go points when
 * something is wrong with one: where it starts, its dot, its operator or its opening bracket.
 */
import type { Value } from './values.ts';

export type Expr = Literal | Ident | Select | Call | ListExpr | MapExpr | StructExpr | Fold;

export interface Literal {
  readonly kind: 'literal';
  readonly value: Value;
  readonly at: number;
}

export interface Ident {
  readonly kind: 'ident';
  readonly name: string;
  readonly at: number;
}

/** `operand.field`; `test`: whether there is such a field, which is what `has()` asks. */
export interface Select {
  readonly kind: 'select';
  readonly operand: Expr;
  readonly field: string;
  readonly test: boolean;
  readonly at: number;
}

/** Operators are functions under names such as `_+_`. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  readonly at: number;
}

export interface ListExpr {
  readonly kind: 'list';
  readonly items: readonly Item[];
  readonly at: number;
}

/** `optional`: `?x`, left out when it holds nothing. */
export interface Item {
  readonly value: Expr;
  readonly optional: boolean;
}

export interface MapExpr {
  readonly kind: 'map';
  readonly entries: readonly (Item & { readonly key: Expr })[];
  readonly at: number;
}

/** An object written out: `Object.spec{replicas: 1}`. `at` of a field is its colon. */
export interface StructExpr {
  readonly kind: 'struct';
  readonly type: string;
  readonly fields: readonly (Item & { readonly name: string; readonly at: number })[];
  readonly at: number;
}

/** What macros such as `all` and `map` are: one step for each item of a range, as long as the condition holds. */
export interface Fold {
  readonly kind: 'fold';
  readonly range: Expr;
  readonly variable: string;
  /** With it the first variable is the index or key, and this one the item or value. */
  readonly second: string | undefined;
  readonly accumulator: string;
  readonly initial: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
  readonly at: number;
}

/** The expressions directly inside one. */
export function partsOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'literal': case 'ident': return [];
    case 'select': return [expr.operand];
    case 'call': return [...(expr.target ? [expr.target] : []), ...expr.args];
    case 'list': return expr.items.map(({ value }) => value);
    case 'map': return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct': return expr.fields.map(({ value }) => value);
    case 'fold': return [expr.range, expr.initial, expr.condition, expr.step, expr.result];
  }
}

/** Every expression in one, itself first. */
export const everyPart = (expr: Expr): Expr[] => [expr, ...partsOf(expr).flatMap(everyPart)];

/** A second one that is checked and run on its own. */
export const copied = (expr: Expr): Expr => structuredCloneOf(expr) as Expr;

function structuredCloneOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCloneOf);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, structuredCloneOf(member)]));
}

/** Names with dots between them, and nothing else. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  const prefix = expr.kind === 'select' && !expr.test ? qualifiedName(expr.operand) : undefined;
  return expr.kind === 'select' && prefix !== undefined ? `${prefix}.${expr.field}` : undefined;
}
