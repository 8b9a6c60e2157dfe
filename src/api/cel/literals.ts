/** What is wrong with what an expression writes out, beyond types (cel-go's cel/validator.go, ext/formatting.go). */
import { everyPart, partsOf, type Call, type Expr, type Item } from './ast.ts';
import type { Checked } from './checker.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { Fault } from './expression-error.ts';
import { clauseFault, filled } from './functions/format.ts';
import { functionNamed } from './functions.ts';
import { isPattern } from './patterns.ts';
import { heldBy, isExactly, printed, type CelType } from './types.ts';
import type { Value } from './values.ts';

export function checkLiterals(checked: Checked, faults: Fault[]): void {
  checkMixtures(checked, checked.expr, faults);
  for (const expr of everyPart(checked.expr)) {
    if (expr.kind !== 'call') continue;
    checkArgument(expr, faults);
    if (expr.name === 'format' && expr.target) checkFormat(checked, expr, expr.target, faults);
  }
}

/** The items of a list, and the keys and values of a map, are of one type. What is to be printed need not be. */
function checkMixtures(checked: Checked, expr: Expr, faults: Fault[]): void {
  const isFormat = expr.kind === 'call' && expr.name === 'format';
  for (const part of partsOf(expr)) if (!isFormat) checkMixtures(checked, part, faults);
  if (expr.kind === 'list') checkMixture(checked, expr.items, faults);
  if (expr.kind === 'map') {
    const found = faults.length;
    checkMixture(checked, expr.entries.map(({ key }) => ({ value: key, optional: false })), faults);
    if (faults.length === found) checkMixture(checked, expr.entries, faults);
  }
}

function checkMixture(checked: Checked, items: readonly Item[], faults: Fault[]): void {
  const typeOf = ({ value, optional }: Item): CelType => {
    const type = checked.typeOf(value);
    return optional ? heldBy(type) ?? type : type;
  };
  const [first] = items;
  const other = items.find((item) => !isExactly(typeOf(item), typeOf(first!)));
  if (other) faults.push({ message: `expected type '${printed(typeOf(first!))}' but found '${printed(typeOf(other))}'`, at: other.value.at });
}

/** Upstream looks at the first argument: of `matches(text, pattern)` that is the text. */
function checkArgument({ name, args: [arg] }: Call, faults: Fault[]): void {
  if (arg?.kind !== 'literal') return;
  const isWrong = name === 'matches' ? typeof arg.value === 'string' && !isPattern(arg.value) : (name === 'duration' || name === 'timestamp') && !converts(name, arg.value);
  if (isWrong) faults.push({ message: `invalid ${name} argument`, at: arg.at });
}

function converts(name: string, value: Value): boolean {
  try {
    return functionNamed(name)!.overloads.some((overload) => overload.takes([value]) && overload.run(value) !== undefined);
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function checkFormat(checked: Checked, { args: [list], at }: Call, target: Expr, faults: Fault[]): void {
  if (target.kind !== 'literal' || typeof target.value !== 'string' || list?.kind !== 'list') return;
  let used = 0;
  try {
    filled(target.value, list.items.length, (verb, _, index) => {
      used++;
      const fault = argumentFault(checked, verb, list.items[index]!.value);
      if (fault) throw new BadArgument(`error during formatting: ${fault.message}`, fault.at);
      return '';
    });
    if (list.items.length > used) faults.push({ message: `too many arguments supplied to string.format (expected ${used}, got ${list.items.length})`, at });
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    faults.push({ message: error.message, at: error instanceof BadArgument ? error.at : at });
  }
}

class BadArgument extends EvaluationError {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** What is written out is looked into. */
function argumentFault(checked: Checked, verb: string, arg: Expr): Fault | undefined {
  const { kind, name } = checked.typeOf(arg);
  const message = kind === 'dyn' ? undefined : clauseFault(verb, name);
  if (message !== undefined) return { message, at: arg.at };
  if (verb !== 's' || (arg.kind !== 'list' && arg.kind !== 'map')) return undefined;
  for (const part of partsOf(arg)) {
    const fault = argumentFault(checked, verb, part);
    if (fault) return fault;
  }
  return undefined;
}
