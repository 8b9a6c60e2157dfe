/** Macros, and what they are written out as (cel-go's parser/macro.go, cel/library.go, ext/comprehensions.go, ext/lists.go, ext/bindings.go). */
import { copied, type Call, type Expr, type Fold, type Literal } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import type { Value } from './values.ts';

/** Where a macro is called: everything it makes is there. */
class Expansion {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  literal(value: Value): Literal {
    return { kind: 'literal', value, at: this.at };
  }

  name(name: string): Expr {
    return { kind: 'ident', name, at: this.at };
  }

  call(name: string, ...args: readonly Expr[]): Call {
    return { kind: 'call', name, target: undefined, args, at: this.at };
  }

  member(name: string, target: Expr, ...args: readonly Expr[]): Call {
    return { kind: 'call', name, target, args, at: this.at };
  }

  list(...items: readonly Expr[]): Expr {
    return { kind: 'list', items: items.map((value) => ({ value, optional: false })), at: this.at };
  }

  get result(): Expr {
    return this.name(accumulator);
  }

  fold(range: Expr, variables: readonly string[], parts: Pick<Fold, 'initial' | 'condition' | 'step' | 'result'>): Fold {
    return { kind: 'fold', range, variable: variables[0]!, second: variables[1], accumulator, ...parts, at: this.at };
  }

  /** `value` under a name in `inside`. */
  bind(name: string, value: Expr, inside: Expr): Fold {
    return {
      kind: 'fold', range: this.list(), variable: '#unused', second: undefined, accumulator: name, initial: value, condition: this.literal(false),
      step: this.name(name), result: inside, at: this.at,
    };
  }
}

const accumulator = '@result';
type Expand = (make: Expansion, target: Expr, args: readonly Expr[]) => Expr;

function nameIn(arg: Expr, complaint: string): string {
  if (arg.kind !== 'ident') throw new ExpressionError(complaint, arg.at);
  if (arg.name === accumulator || arg.name === '__result__') throw new ExpressionError('iteration variable overwrites accumulator variable', arg.at);
  return arg.name;
}

const simple = 'argument must be a simple name';

/** The names of all arguments but the last, or last two. */
function names(args: readonly Expr[], complaint = simple): string[] {
  const found = args.map((arg) => nameIn(arg, complaint));
  if (found.length === 2 && found[0] === found[1]) throw new ExpressionError(`duplicate variable name: ${found[0]!}`, args[1]!.at);
  return found;
}

const all: Expand = (make, target, args) => make.fold(target, names(args.slice(0, -1)), {
  initial: make.literal(true), condition: make.call('@not_strictly_false', make.result), step: make.call('_&&_', make.result, args.at(-1)!), result: make.result,
});

const exists: Expand = (make, target, args) => make.fold(target, names(args.slice(0, -1)), {
  initial: make.literal(false), condition: make.call('@not_strictly_false', make.call('!_', make.result)),
  step: make.call('_||_', make.result, args.at(-1)!), result: make.result,
});

const existsOne: Expand = (make, target, args) => make.fold(target, names(args.slice(0, -1)), {
  initial: make.literal(0n), condition: make.literal(true),
  step: make.call('_?_:_', args.at(-1)!, make.call('_+_', make.result, make.literal(1n)), make.result),
  result: make.call('_==_', make.result, make.literal(1n)),
});

/** Collects with one step per item, or only for those that pass a filter. */
function collecting(make: Expansion, target: Expr, variables: readonly string[], initial: Expr, step: Expr, filter: Expr | undefined): Fold {
  return make.fold(target, variables, {
    initial, condition: make.literal(true), step: filter ? make.call('_?_:_', filter, step, make.result) : step, result: make.result,
  });
}

const intoList = (count: number, complaint: string): Expand => (make, target, args) => {
  const variables = names(args.slice(0, count), complaint);
  const step = make.call('_+_', make.result, make.list(args.at(-1)!));
  return collecting(make, target, variables, make.list(), step, args.length > count + 1 ? args[count] : undefined);
};

const filter: Expand = (make, target, [variable, test]) =>
  collecting(make, target, names([variable!], 'argument is not an identifier'), make.list(), make.call('_+_', make.result, make.list(variable!)), test);

const intoMap = (insert: (make: Expansion, variables: readonly string[], value: Expr) => Expr): Expand => (make, target, args) => {
  const variables = names(args.slice(0, 2));
  const empty: Expr = { kind: 'map', entries: [], at: make.at };
  return collecting(make, target, variables, empty, insert(make, variables, args.at(-1)!), args.length > 3 ? args[2] : undefined);
};
const transformMap = intoMap((make, [key], value) => make.call('cel.@mapInsert', make.result, make.name(key!), value));
const transformMapEntry = intoMap((make, _, value) => make.call('cel.@mapInsert', make.result, value));

const optional = (name: string, wrap: (make: Expansion, inside: Expr) => Expr): Expand => (make, target, args) => {
  const [variable, inside] = args as readonly [Expr, Expr];
  if (variable.kind !== 'ident') throw new ExpressionError(`${name}() variable name must be a simple identifier`, variable.at);
  const value = make.member('value', copied(target));
  return make.call('_?_:_', make.member('hasValue', target), wrap(make, make.bind(variable.name, value, inside)), make.call('optional.none'));
};

const sortBy: Expand = (make, target, args) => {
  if (target.kind === 'literal' || target.kind === 'map' || target.kind === 'struct') {
    throw new ExpressionError('sortBy can only be applied to a list, identifier, comprehension, call or select expression', target.at);
  }
  const input = '@__sortBy_input__';
  const keys = intoList(1, 'argument is not an identifier')(make, make.name(input), args);
  return make.bind(input, target, make.member('@sortByAssociatedKeys', make.name(input), keys));
};

/** By name and number of arguments. */
const macros: Readonly<Record<string, Expand>> = {
  'all 2': all, 'exists 2': exists, 'exists_one 2': existsOne,
  'map 2': intoList(1, 'argument is not an identifier'), 'map 3': intoList(1, 'argument is not an identifier'), 'filter 2': filter,
  'all 3': all, 'exists 3': exists, 'exists_one 3': existsOne, 'existsOne 3': existsOne,
  'transformList 3': intoList(2, simple), 'transformList 4': intoList(2, simple),
  'transformMap 3': transformMap, 'transformMap 4': transformMap, 'transformMapEntry 3': transformMapEntry, 'transformMapEntry 4': transformMapEntry,
  'optMap 2': optional('optMap', (make, inside) => make.call('optional.of', inside)), 'optFlatMap 2': optional('optFlatMap', (_, inside) => inside),
  'sortBy 2': sortBy,
};

/** `a.map(x, f)` written out; undefined when this is no macro. Throws ExpressionError. */
export function expandedMember(name: string, target: Expr, args: readonly Expr[], at: number, hasBindings: boolean): Expr | undefined {
  const make = new Expansion(at);
  if (hasBindings && name === 'bind' && args.length === 3 && target.kind === 'ident' && target.name === 'cel') {
    const [variable, value, inside] = args as [Expr, Expr, Expr];
    if (variable.kind !== 'ident') throw new ExpressionError('cel.bind() variable names must be simple identifiers', variable.at);
    return make.bind(variable.name, value, inside);
  }
  const key = `${name} ${args.length}`;
  return Object.hasOwn(macros, key) ? macros[key]!(make, target, args) : undefined;
}

/** `has(a.b)`. Throws ExpressionError. */
export function presenceTest(arg: Expr, at: number): Expr {
  if (arg.kind !== 'select') throw new ExpressionError('invalid argument to has() macro', arg.at);
  return { ...arg, test: true, at };
}
