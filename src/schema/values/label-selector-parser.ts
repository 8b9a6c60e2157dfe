/** Reads the text form of label selectors, token by token as upstream does, because its complaints name tokens. */
import { invalid, LabelSelector, LabelSelectorError, requirement, type Operator, type Requirement } from './label-selector.ts';
import { labelKey } from './label-syntax.ts';

type TokenKind = 'end' | 'identifier' | 'in' | 'notin' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const operators: Readonly<Partial<Record<TokenKind, Operator>>> = {
  in: 'in', notin: 'notin', '=': '=', '==': '==', '!=': '!=', '>': 'gt', '<': 'lt',
};
const end: Token = { kind: 'end', text: '' };

/** Reads a selector such as `app=web,tier in (a,b),!old`. Throws `LabelSelectorError`. */
export function parseLabelSelector(text: string): LabelSelector {
  return new LabelSelector(new Parser(tokenize(text)).parse());
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const next = this.#peek();
      if (next.kind === 'end') return requirements;
      if (!startsRequirement(next)) throw found(next, "!, identifier, or 'end of string'");
      requirements.push(this.#requirementInContext());
      const separator = this.#take();
      if (separator.kind === 'end') return requirements;
      if (separator.kind !== ',') throw found(separator, "',' or 'end of string'");
      const after = this.#peek();
      if (!startsRequirement(after)) throw found(after, "identifier after ','");
    }
  }

  #requirementInContext(): Requirement {
    try {
      return this.#requirement();
    } catch (error) {
      if (error instanceof LabelSelectorError) throw new LabelSelectorError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #requirement(): Requirement {
    let token = this.#take();
    const negated = token.kind === '!';
    if (negated) token = this.#take();
    if (token.kind !== 'identifier') throw found(token, 'identifier');
    const key = token.text;
    const errors = labelKey(key);
    if (errors.length > 0) throw new LabelSelectorError(invalid('<nil>', key, errors.join('; ')));
    if (negated) return requirement(key, '!', []);
    const next = this.#peek();
    if (next.kind === 'end' || next.kind === ',') return requirement(key, 'exists', []);
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#values() : this.#exactValue();
    return requirement(key, operator, [...values].sort());
  }

  #operator(): Operator {
    const token = this.#tokens[this.#position++] ?? end;
    const operator = operators[token.kind];
    if (!operator) throw found(token, 'in, notin, =, ==, !=, gt, lt');
    return operator;
  }

  #values(): Set<string> {
    const open = this.#take();
    if (open.kind !== '(') throw new LabelSelectorError(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind === ')') {
      this.#take();
      return new Set(['']);
    }
    if (first.kind !== 'identifier' && first.kind !== ',') throw found(first, "',', ')' or identifier");
    const values = this.#valueList();
    this.#take();
    return values;
  }

  /** Values up to the closing parenthesis, which stays. A missing value counts as an empty one. */
  #valueList(): Set<string> {
    const values = new Set<string>();
    for (;;) {
      const token = this.#take();
      const next = this.#peek();
      if (token.kind === 'identifier') {
        values.add(token.text);
        if (next.kind === ')') return values;
        if (next.kind !== ',') throw found(next, "',' or ')'");
      } else if (token.kind === ',') {
        if (values.size === 0 || next.kind === ')' || next.kind === ',') values.add('');
        if (next.kind === ')') return values;
      } else {
        throw found(token, "',', or identifier");
      }
    }
  }

  #exactValue(): Set<string> {
    const next = this.#peek();
    if (next.kind === 'end' || next.kind === ',') return new Set(['']);
    const token = this.#take();
    if (token.kind !== 'identifier') throw found(token, 'identifier');
    return new Set([token.text]);
  }

  /** The next token; only where an operator is due are `in` and `notin` more than identifiers. */
  #peek(): Token {
    const token = this.#tokens[this.#position] ?? end;
    return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#position++;
    return token;
  }
}

function startsRequirement(token: Token): boolean {
  return token.kind === 'identifier' || token.kind === '!';
}

function found(token: Token, expected: string): LabelSelectorError {
  return new LabelSelectorError(`found '${token.text}', expected: ${expected}`);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  // A NUL ends the text, as it does for upstream's reader.
  for (const [run] of text.split('\0', 1)[0]!.matchAll(/[=!(),<>]+|[^=!(),<> \t\r\n]+/g)) {
    if (/^[=!(),<>]/.test(run)) tokens.push(...splitSymbols(run));
    else tokens.push({ kind: run === 'in' || run === 'notin' ? run : 'identifier', text: run });
  }
  return tokens;
}

/** A run of special characters as the longest symbols that it starts with. A run always starts with a symbol. */
function splitSymbols(run: string): Token[] {
  return Array.from(run.matchAll(/==|!=|[=!(),<>]/g), ([symbol]) => ({ kind: symbol as TokenKind, text: symbol }));
}
