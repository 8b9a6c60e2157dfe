/** What evaluating an expression may cost at most, before it runs (cel-go's checker/cost.go). */
import type { Call, Expr, Fold, ListExpr, MapExpr } from './ast.ts';
import type { Checked } from './checker.ts';
import {
  fixed, listCost, mapCost, product, selectCost, structCost, sum, union, unbounded, unknownRange, type Estimate, type Operand, type Range,
} from './cost.ts';
import type { CelType, Kind } from './types.ts';
import { heldBy } from './types.ts';
import { sizeOf } from './values.ts';

/** Where a value comes from: a variable and the fields that lead to it; `@items`, `@keys` and `@values` lead into lists and maps. */
export type Path = readonly string[];
/** The size of what is at a path; undefined when nothing is known of it. */
export type SizeAt = (path: Path) => Range | undefined;

/** Sizes of what a list or map holds. */
interface EntrySize {
  readonly isList: boolean;
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly path: Path;
  readonly size: Range | undefined;
  readonly entries: EntrySize | undefined;
}

export const estimatedCost = (checked: Checked, sizeAt: SizeAt): Range => new Estimator(checked, sizeAt).cost(checked.expr);

const none = fixed(0);
const selecting = fixed(selectCost);

class Estimator {
  readonly #checked: Checked;
  readonly #sizeAt: SizeAt;
  readonly #paths = new Map<Expr, Path>();
  readonly #sizes = new Map<Expr, Range>();
  readonly #entries = new Map<Expr, EntrySize>();
  #locals: ReadonlyMap<string, Local> = new Map();

  constructor(checked: Checked, sizeAt: SizeAt) {
    this.#checked = checked;
    this.#sizeAt = sizeAt;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case 'literal': return none;
      case 'ident': this.#paths.set(expr, this.#locals.get(expr.name)?.path ?? [expr.name.replace(/^\./, '')]); return selecting;
      case 'select': return this.#select(expr);
      case 'call': return this.#call(expr);
      case 'list': return this.#list(expr);
      case 'map': return this.#map(expr);
      case 'struct': return sum(...expr.fields.map(({ value }) => this.cost(value)), fixed(structCost));
      case 'fold': return isBinding(expr) ? this.#binding(expr) : this.#fold(expr);
    }
  }

  #select(expr: Extract<Expr, { kind: 'select' }>): Range {
    const name = this.#checked.nameOf(expr);
    if (name !== undefined) {
      this.#paths.set(expr, [name]);
      return selecting;
    }
    const cost = this.cost(expr.operand);
    if (expr.test) return cost;
    this.#paths.set(expr, [...this.#pathOf(expr.operand), expr.field]);
    return indexed.has(this.#checked.typeOf(expr.operand).kind) ? sum(cost, selecting) : cost;
  }

  #pathOf(expr: Expr): Path {
    return (expr.kind === 'ident' ? this.#locals.get(expr.name)?.path : undefined) ?? this.#paths.get(expr) ?? [];
  }

  #sizeOf(expr: Expr): Range | undefined {
    const computed = this.#sizes.get(expr) ?? writtenSize(expr);
    if (computed) return computed;
    const path = this.#pathOf(expr);
    const known = path.length > 0 ? this.#sizeAt(path) : undefined;
    if (known) this.#sizes.set(expr, known);
    if (known) return known;
    if (isScalar(this.#checked.typeOf(expr))) return fixed(1);
    return expr.kind === 'ident' ? this.#locals.get(expr.name)?.size : undefined;
  }

  #sizeOrUnknown(expr: Expr): Range {
    return this.#sizeOf(expr) ?? unknownRange;
  }

  #entriesOf(expr: Expr): EntrySize | undefined {
    return this.#entries.get(expr) ?? (expr.kind === 'ident' ? this.#locals.get(expr.name)?.entries : undefined);
  }

  #operand(expr: Expr): Operand {
    const type = this.#checked.typeOf(expr);
    const path = this.#pathOf(expr);
    const [item] = type.params;
    const sizeOfItems = path.length > 0 ? this.#sizeAt([...path, '@items']) : undefined;
    return {
      type, size: this.#sizeOrUnknown(expr), literal: expr.kind === 'literal' ? expr.value : undefined,
      items: item && { type: item, size: sizeOfItems ?? unknownRange, items: undefined, literal: undefined },
    };
  }

  #call(expr: Call): Range {
    const { name, overloads, args } = this.#checked.callOf(expr);
    if (name === 'dyn') return this.#dyn(expr, args[0]!);
    const costs = args.map((arg) => this.cost(arg));
    const operands = args.map((arg) => this.#operand(arg));
    let total: Range | undefined;
    let size: Range | undefined;
    for (const overload of overloads) {
      const { cost, size: found } = this.#special(expr, name, args, costs) ?? withArguments(overload.cost?.estimate(operands) ?? { cost: fixed(1) }, costs);
      total = total ? union(total, cost) : cost;
      if (found) size = size ? union(size, found) : found;
      if (name === '_+_') this.#joinEntries(expr, args);
      if (name === '_[_]') size = this.#index(expr, args[0]!, overload.signature.args[0]!);
      size ??= this.#sizeOf(expr);
    }
    if (size) this.#sizes.set(expr, size);
    return total ?? none;
  }

  /** Only turns off the checks of types. */
  #dyn(expr: Call, arg: Expr): Range {
    const cost = this.cost(arg);
    this.#copySizes(expr, arg);
    return sum(cost, fixed(1));
  }

  #copySizes(to: Expr, from: Expr): void {
    const [size, entries] = [this.#sizeOf(from), this.#entriesOf(from)];
    if (size) this.#sizes.set(to, size);
    if (entries) this.#entries.set(to, entries);
  }

  /** What not all arguments of are evaluated. */
  #special(expr: Call, name: string, args: readonly Expr[], costs: readonly Range[]): Estimate | undefined {
    const [first, second, third] = costs as readonly [Range, Range, Range];
    switch (name) {
      case '_&&_': case '_||_': return { cost: { least: first.least, most: sum(first, second).most } };
      case '_?_:_':
        this.#joinEntries(expr, args.slice(1));
        return { cost: sum(first, union(second, third)), size: union(this.#sizeOrUnknown(args[1]!), this.#sizeOrUnknown(args[2]!)) };
      default: return undefined;
    }
  }

  #joinEntries(expr: Expr, [a, b]: readonly Expr[]): void {
    const [first, second] = [this.#entriesOf(a!), this.#entriesOf(b!)];
    if (first && second) this.#entries.set(expr, { isList: first.isList, key: union(first.key, second.key), value: union(first.value, second.value) });
  }

  #index(expr: Call, of: Expr, type: CelType): Range | undefined {
    if (type.kind === 'list' || type.kind === 'map') this.#paths.set(expr, [...this.#pathOf(of), type.kind === 'list' ? '@items' : '@values']);
    return type.kind === 'opaque' ? undefined : this.#entriesOf(of)?.value;
  }

  #list(expr: ListExpr): Range {
    const cost = sum(...expr.items.map(({ value }) => this.cost(value)), fixed(listCost));
    this.#entries.set(expr, { isList: true, key: fixed(1), value: this.#spanOf(expr.items.map(({ value }) => value)) });
    return cost;
  }

  #map(expr: MapExpr): Range {
    const cost = sum(...expr.entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]), fixed(mapCost));
    const [keys, values] = [expr.entries.map(({ key }) => key), expr.entries.map(({ value }) => value)];
    this.#entries.set(expr, { isList: false, key: this.#spanOf(keys), value: this.#spanOf(values) });
    return cost;
  }

  #spanOf(exprs: readonly Expr[]): Range {
    const start: Range = { least: exprs.length === 0 ? 0n : unbounded, most: 0n };
    return exprs.map((expr) => this.#sizeOrUnknown(expr)).reduce(union, start);
  }

  #local(expr: Expr): Local {
    return { path: this.#pathOf(expr), size: this.#sizeOf(expr), entries: this.#entriesOf(expr) };
  }

  /** A value under a name: the range that it is said to go over is empty. */
  #binding(expr: Fold): Range {
    const cost = sum(this.cost(expr.range), this.cost(expr.initial));
    const outer = this.#locals;
    this.#locals = new Map([...outer, [expr.accumulator, this.#local(expr.initial)]]);
    const result = this.cost(expr.result);
    this.#copySizes(expr, expr.result);
    this.#locals = outer;
    return sum(cost, result);
  }

  #fold(expr: Fold): Range {
    const before = sum(this.cost(expr.range), this.cost(expr.initial));
    const outer = this.#locals;
    const inner = new Map([...outer, [expr.accumulator, this.#local(expr.initial)]]);
    this.#locals = new Map([...inner, ...this.#variables(expr)]);
    const condition = this.cost(expr.condition);
    const step = this.cost(expr.step);
    const stepEntries = this.#entriesOf(expr.step);
    this.#locals = inner;
    const result = this.cost(expr.result);
    this.#locals = outer;
    const times = this.#sizeOrUnknown(expr.range);
    if (expr.initial.kind === 'literal') this.#sizes.set(expr, writtenSize(expr.initial)!);
    else if (expr.initial.kind === 'list' || expr.initial.kind === 'map') {
      this.#sizes.set(expr, times);
      if (stepEntries) this.#entries.set(expr, stepEntries);
    }
    return sum(before, result, product(times, sum(step, condition)));
  }

  #variables({ range, variable, second }: Fold): [string, Local][] {
    const entries = this.#entriesOf(range);
    const path = this.#pathOf(range);
    const isList = entries?.isList ?? this.#checked.typeOf(range).kind === 'list';
    const local = (part: string, size: Range | undefined): Local => ({ path: [...path, part], size, entries: undefined });
    const item = local(isList ? '@items' : '@values', entries?.value);
    if (second !== undefined) return [[variable, local(isList ? '@indices' : '@keys', entries?.key)], [second, item]];
    return [[variable, isList ? item : local('@keys', entries?.key)]];
  }
}

const indexed: ReadonlySet<Kind> = new Set(['map', 'struct', 'param']);
const scalars: ReadonlySet<Kind> = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

function isScalar(type: CelType): boolean {
  const held = heldBy(type);
  return held ? isScalar(held) : scalars.has(type.kind);
}

const withArguments = ({ cost, size }: Estimate, costs: readonly Range[]): Estimate => ({ cost: sum(cost, ...costs), ...(size ? { size } : {}) });

/** The size of what is written out. */
function writtenSize(expr: Expr): Range | undefined {
  switch (expr.kind) {
    case 'literal': return fixed(sizeOf(expr.value));
    case 'list': return fixed(expr.items.length);
    case 'map': return fixed(expr.entries.length);
    default: return undefined;
  }
}

const isBinding = ({ range, condition, accumulator }: Fold): boolean =>
  range.kind === 'list' && range.items.length === 0 && condition.kind === 'literal' && condition.value === false && accumulator !== '@result';

