/** expr, and the calculator dc. */
import type { Process } from '../process.ts';
import { BadRegex, compileRegex } from '../regex.ts';
import type { Run } from '../wait.ts';
import { lines } from './input.ts';
import { parseOptions } from './options.ts';

class ExprFault extends Error {}

export function* expr(process: Process): Run<number> {
  const args = process.args.slice(1);
  if (args.length === 0) {
    process.complain('expr: too few arguments\n');
    return 2;
  }
  try {
    const value = new ExprEvaluation(args).run();
    process.print(`${value}\n`);
    return value === '' || value === '0' ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExprFault) && !(error instanceof BadRegex)) throw error;
    process.complain(`expr: ${error instanceof BadRegex ? 'bad regex' : error.message}\n`);
    return 2;
  }
}

const levels: readonly (readonly string[])[] = [['|'], ['&'], ['<', '<=', '=', '==', '!=', '>=', '>'], ['+', '-'], ['*', '/', '%'], [':']];

class ExprEvaluation {
  readonly #args: readonly string[];
  #at = 0;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  run(): string {
    const value = this.#level(0);
    if (this.#at < this.#args.length) throw new ExprFault('syntax error');
    return value;
  }

  #level(level: number): string {
    const operators = levels[level];
    if (!operators) return this.#primary();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.#args[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      left = apply(left, operator, this.#level(level + 1));
    }
  }

  #primary(): string {
    const word = this.#args[this.#at++];
    if (word === undefined) throw new ExprFault('syntax error');
    const argument = (): string => this.#primary();
    switch (word) {
      case '(': {
        const value = this.#level(0);
        if (this.#args[this.#at++] !== ')') throw new ExprFault('syntax error');
        return value;
      }
      case 'length': if (this.#at < this.#args.length) return String(argument().length);
        break;
      case 'substr': if (this.#at + 2 < this.#args.length) {
        const text = argument();
        const from = Number(argument());
        return text.slice(from - 1, from - 1 + Number(argument()));
      }
        break;
      case 'index': if (this.#at + 1 < this.#args.length) {
        const text = argument();
        const wanted = argument();
        return String([...text].findIndex((char) => wanted.includes(char)) + 1);
      }
        break;
      case 'match': if (this.#at + 1 < this.#args.length) return apply(argument(), ':', argument());
        break;
      default:
    }
    return word;
  }
}

function apply(left: string, operator: string, right: string): string {
  const isNull = (text: string): boolean => text === '' || text === '0';
  switch (operator) {
    case '|': return isNull(left) ? right : left;
    case '&': return isNull(left) || isNull(right) ? '0' : left;
    case ':': {
      const match = compileRegex(right.startsWith('^') ? right : `^${right}`).exec(left);
      return match && match.length > 1 ? match[1] ?? '' : right.includes('\\(') ? '' : String(match?.[0].length ?? 0);
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': return calculate(left, operator, right);
    default: return compare(left, operator, right) ? '1' : '0';
  }
}

function calculate(left: string, operator: string, right: string): string {
  if (!/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) throw new ExprFault('non-numeric argument');
  const a = BigInt(left);
  const b = BigInt(right);
  if ((operator === '/' || operator === '%') && b === 0n) throw new ExprFault('division by zero');
  const value = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b;
  return String(BigInt.asIntN(64, value));
}

function compare(left: string, operator: string, right: string): boolean {
  const numeric = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  const order = numeric ? Number(BigInt(left) - BigInt(right)) : left < right ? -1 : left > right ? 1 : 0;
  switch (operator) {
    case '<': return order < 0;
    case '<=': return order <= 0;
    case '>': return order > 0;
    case '>=': return order >= 0;
    case '!=': return order !== 0;
    default: return order === 0;
  }
}

/** The four operations and printing, in reverse Polish notation. */
export function* dc(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'e:f:x');
  const program = options.all('e').join(' ') || lines(yield* process.readAll(0)).join(' ');
  const stack: number[] = [];
  for (const token of program.match(/_?\d+(?:\.\d+)?|\S/g) ?? []) {
    if (/\d/.test(token)) stack.push(Number(token.replace('_', '-')));
    else if (token === 'p') process.print(`${stack.at(-1) ?? ''}\n`);
    else if (token === 'f') for (const value of stack.toReversed()) process.print(`${value}\n`);
    else {
      const b = stack.pop() ?? 0;
      const a = stack.pop() ?? 0;
      const results: Readonly<Record<string, number>> = { '+': a + b, '-': a - b, '*': a * b, '/': b === 0 ? 0 : Math.trunc(a / b), '%': b === 0 ? 0 : a % b, '^': a ** b };
      const result = results[token];
      if (result !== undefined) stack.push(result);
      else stack.push(a, b);
    }
  }
  return 0;
}
