/** Compiled expressions: read, checked, and worked out as far as is known before they run (cel-go's cel/env.go and interpreter/planner.go). */
import { fail } from './arguments.ts';
import { everyPart, type Call, type Expr } from './ast.ts';
import { checkExpression, type Checked } from './checker.ts';
import type { Environment } from './environment.ts';
import { EvaluationError } from './evaluation-error.ts';
import { Budget, evaluate, Evaluator, type Variables } from './evaluator.ts';
import { ExpressionError, faultsText, throwFaults, type Fault } from './expression-error.ts';
import { checkLiterals } from './literals.ts';
import { parseExpression } from './parser.ts';
import { compiledPattern } from './patterns.ts';
import type { CelType } from './types.ts';
import { ListValue, type Value } from './values.ts';

/** What one call may cost (apiserver/pkg/apis/cel/config.go). */
export const callCostMax = 1_000_000;

/** Throws ExpressionError for what does not compile. */
export function checkedExpression(text: string, environment: Environment): Checked {
  const expr = parseExpression(text, environment.hasBindings);
  const faults: Fault[] = [];
  const checked = checkExpression(expr, environment, faults);
  throwFaults(faults);
  checkLiterals(checked, faults);
  throwFaults(faults);
  return checked;
}

/** The checked expression, or what is wrong with it in cel-go's words. */
export function compileExpression(text: string, environment: Environment): Checked | string {
  try {
    return checkedExpression(text, environment);
  } catch (error) {
    if (error instanceof ExpressionError) return faultsText(text, error.faults);
    throw error;
  }
}

export class Program {
  readonly checked: Checked;
  readonly #constants: ReadonlyMap<Expr, Value>;

  /** Throws EvaluationError for what is known to fail. */
  constructor(checked: Checked) {
    this.checked = checked;
    this.#constants = constantsOf(checked);
  }

  get type(): CelType {
    return this.checked.type;
  }

  /** Throws EvaluationError and BudgetExceeded; `budget` has what was spent in any case. */
  run(variables: Variables, budget: Budget): Value {
    return evaluate(this.checked, this.#constants, variables, budget);
  }

  /** Does it name this variable? */
  uses(name: string): boolean {
    return everyPart(this.checked.expr).some((expr) => this.checked.nameOf(expr) === name);
  }
}

const conversions = new Set(['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint']);
const patterns = new Set(['matches', 'find', 'findAll']);

/** Lists, maps and conversions of what is written out. */
function constantsOf(checked: Checked): ReadonlyMap<Expr, Value> {
  const constants = new Map<Expr, Value>();
  const evaluator = new Evaluator(checked, constants, {}, new Budget(Infinity));
  const isConstant = (expr: Expr): boolean =>
    expr.kind === 'literal' || constants.has(expr) || (checked.nameOf(expr) !== undefined && checked.typeOf(expr).kind === 'type');
  const isFolded = (expr: Expr): boolean => {
    switch (expr.kind) {
      case 'list': return expr.items.every(({ value }) => isConstant(value));
      case 'map': return expr.entries.every(({ key, value }) => isConstant(key) && isConstant(value));
      case 'ident': case 'select': return isConstant(expr);
      case 'call': return isFoldedCall(checked, expr, isConstant, constants);
      default: return false;
    }
  };
  for (const expr of everyPart(checked.expr).toReversed()) {
    if (expr.kind === 'call') checkPattern(checked, expr);
    const name = checked.nameOf(expr) ?? '';
    if (expr.kind === 'ident' && isConstant(expr) && (name === 'duration' || name === 'timestamp')) fail(`reference to undefined type: ${name}`);
    if (isFolded(expr)) constants.set(expr, evaluator.value(expr, undefined));
  }
  return constants;
}

function isFoldedCall(checked: Checked, expr: Call, isConstant: (expr: Expr) => boolean, constants: ReadonlyMap<Expr, Value>): boolean {
  const { name, args } = checked.callOf(expr);
  if (name !== '@in') return conversions.has(name) && args.length === 1 && isConstant(args[0]!);
  const list = constants.get(args[1]!);
  return list instanceof ListValue && list.size === 0 && isConstant(args[0]!);
}

function checkPattern(checked: Checked, expr: Call): void {
  const { name, args: [, pattern] } = checked.callOf(expr);
  if (patterns.has(name) && pattern?.kind === 'literal' && typeof pattern.value === 'string') compiledPattern(pattern.value);
}

/** Why an expression that compiles cannot run; undefined when it can. */
export function programOf(checked: Checked): Program | string {
  try {
    return new Program(checked);
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}
