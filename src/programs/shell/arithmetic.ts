/** Arithmetic of `$(( … ))`: 64-bit integers with the operators of C, assignments and `**`. */

export class ArithmeticFault extends Error {}

export interface Variables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

const tokenPattern = /\s*(0[xX][0-9a-fA-F]+|\d+#\w+|\d+|[A-Za-z_]\w*|\*\*|<<=|>>=|\+\+|--|&&|\|\||<<|>>|[<>=!]=|[-+*/%&|^]=|[-+*/%&|^~!<>=?:(),])/y;
const depthMax = 64;

const binaryLevels: readonly (readonly string[])[] = [
  ['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '<=', '>', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%'],
];

/** The value of an expression whose parameters are expanded already. Throws ArithmeticFault. */
export function arithmetic(text: string, variables: Variables, depth = 0): bigint {
  if (depth > depthMax) throw new ArithmeticFault('expression recursion loop detected');
  return new Evaluation(tokens(text), variables, depth).run();
}

function tokens(text: string): string[] {
  const result: string[] = [];
  tokenPattern.lastIndex = 0;
  while (text.slice(tokenPattern.lastIndex).trim() !== '') {
    const match = tokenPattern.exec(text);
    if (!match) throw new ArithmeticFault('arithmetic syntax error');
    result.push(match[1]!);
  }
  return result;
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

class Evaluation {
  readonly #tokens: string[];
  readonly #variables: Variables;
  readonly #depth: number;
  #at = 0;
  /** Above 0 in the branch that is not taken: nothing is assigned there and division by zero is fine. */
  #skipping = 0;

  constructor(list: string[], variables: Variables, depth: number) {
    this.#tokens = list;
    this.#variables = variables;
    this.#depth = depth;
  }

  run(): bigint {
    if (this.#tokens.length === 0) return 0n;
    let value = this.#assignment();
    while (this.#accept(',')) value = this.#assignment();
    if (this.#at < this.#tokens.length) throw new ArithmeticFault('arithmetic syntax error');
    return value;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #assignment(): bigint {
    const name = this.#tokens[this.#at];
    const operator = this.#tokens[this.#at + 1];
    if (name === undefined || operator === undefined || !/^[A-Za-z_]/.test(name) || !/^([-+*/%&|^]|<<|>>)?=$/.test(operator)) return this.#ternary();
    this.#at += 2;
    const right = this.#assignment();
    const value = operator === '=' ? right : this.#apply(operator.slice(0, -1), this.#variable(name), right);
    return this.#assign(name, value);
  }

  #ternary(): bigint {
    const test = this.#binary(0);
    if (!this.#accept('?')) return test;
    const then = this.#maybe(test !== 0n, () => this.#assignment());
    if (!this.#accept(':')) throw new ArithmeticFault('arithmetic syntax error');
    const otherwise = this.#maybe(test === 0n, () => this.#assignment());
    return test === 0n ? otherwise : then;
  }

  #maybe(wanted: boolean, evaluate: () => bigint): bigint {
    if (wanted) return evaluate();
    this.#skipping++;
    const value = evaluate();
    this.#skipping--;
    return value;
  }

  #binary(level: number): bigint {
    const operators = binaryLevels[level];
    if (!operators) return this.#power();
    let left = this.#binary(level + 1);
    for (;;) {
      this.#splitDouble();
      const operator = this.#tokens[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      const needed = operator === '&&' ? left !== 0n : operator === '||' ? left === 0n : true;
      const right = this.#maybe(needed, () => this.#binary(level + 1));
      left = this.#apply(operator, left, right);
    }
  }

  /** `1--1` and `(a)++1`: after what is no variable these are two operators. */
  #splitDouble(): void {
    const token = this.#tokens[this.#at];
    if (token === '++' || token === '--') this.#tokens.splice(this.#at, 1, token[0]!, token[0]!);
  }

  #power(): bigint {
    const base = this.#unary();
    if (!this.#accept('**')) return base;
    const exponent = this.#power();
    if (exponent < 0n) throw new ArithmeticFault('exponent less than 0');
    return wrap(base ** (exponent > 10_000n ? 10_000n : exponent));
  }

  #unary(): bigint {
    const operator = this.#tokens[this.#at];
    if (operator === '++' || operator === '--') {
      const name = this.#tokens[this.#at + 1];
      if (name !== undefined && /^[A-Za-z_]/.test(name)) {
        this.#at += 2;
        return this.#assign(name, this.#variable(name) + (operator === '++' ? 1n : -1n));
      }
    }
    if (operator === undefined || !['-', '+', '!', '~', '++', '--'].includes(operator)) return this.#primary();
    this.#at++;
    const value = this.#unary();
    if (operator === '-') return wrap(-value);
    if (operator === '!') return value === 0n ? 1n : 0n;
    return operator === '~' ? ~value : value;
  }

  #primary(): bigint {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new ArithmeticFault('arithmetic syntax error');
    if (token === '(') {
      let value = this.#assignment();
      while (this.#accept(',')) value = this.#assignment();
      if (!this.#accept(')')) throw new ArithmeticFault('arithmetic syntax error');
      return value;
    }
    if (/^\d/.test(token)) return number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new ArithmeticFault('arithmetic syntax error');
    const value = this.#variable(token);
    if (this.#accept('++')) this.#assign(token, value + 1n);
    else if (this.#accept('--')) this.#assign(token, value - 1n);
    return value;
  }

  #variable(name: string): bigint {
    const text = this.#variables.get(name);
    if (text === undefined || text === '' || this.#skipping > 0) return 0n;
    return /^\d+$/.test(text) ? number(text) : arithmetic(text, this.#variables, this.#depth + 1);
  }

  #assign(name: string, value: bigint): bigint {
    const wrapped = wrap(value);
    if (this.#skipping === 0) this.#variables.set(name, String(wrapped));
    return wrapped;
  }

  #apply(operator: string, a: bigint, b: bigint): bigint {
    switch (operator) {
      case '+': return wrap(a + b);
      case '-': return wrap(a - b);
      case '*': return wrap(a * b);
      case '/':
      case '%': {
        if (b === 0n && this.#skipping > 0) return 0n;
        if (b === 0n) throw new ArithmeticFault('divide by zero');
        return wrap(operator === '/' ? a / b : a % b);
      }
      case '<<': return wrap(a << (b & 63n));
      case '>>': return wrap(a >> (b & 63n));
      case '&': return a & b;
      case '|': return a | b;
      case '^': return a ^ b;
      default: return compare(operator, a, b) ? 1n : 0n;
    }
  }
}

function compare(operator: string, a: bigint, b: bigint): boolean {
  switch (operator) {
    case '&&': return a !== 0n && b !== 0n;
    case '||': return a !== 0n || b !== 0n;
    case '==': return a === b;
    case '!=': return a !== b;
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    default: return a >= b;
  }
}

function number(token: string): bigint {
  const based = /^(\d+)#(\w+)$/.exec(token);
  if (based) {
    let value = 0n;
    for (const digit of based[2]!.toLowerCase()) value = value * BigInt(based[1]!) + BigInt(Number.parseInt(digit, 36));
    return wrap(value);
  }
  if (/^0\d/.test(token)) {
    if (/[89]/.test(token)) throw new ArithmeticFault('arithmetic syntax error');
    return wrap(BigInt(`0o${token.slice(1)}`));
  }
  return wrap(BigInt(token));
}
