/** Functions of expressions: what they take and give, what they do, and what that costs. */
import type { Cost } from './cost.ts';
import {
  anyValue, authorizerType, bool, bytes, cidrType, double, duration, dyn, formatType, int, ipType, listOf, mapOf, nullType, optionalOf, param,
  quantityType, resourceCheckType, semverType, string, struct, timestamp, typeOf, uint, urlType, type CelType,
} from './types.ts';
import { ListValue, MapValue, typeName, type Value } from './values.ts';

/** Takes the target first, if there is one. */
export type Run = (...args: readonly Value[]) => Value;

export interface Signature {
  readonly isMember: boolean;
  /** The target first. */
  readonly args: readonly CelType[];
  readonly result: CelType;
}

/** One way to call a function. */
export class Overload {
  readonly run: Run;
  readonly cost: Cost | undefined;
  readonly #text: string;
  #signature: Signature | undefined;

  constructor(text: string, run: Run, cost: Cost | undefined) {
    this.#text = text;
    this.run = run;
    this.cost = cost;
  }

  /** Read when it is first asked for: most programs never use most functions. */
  get signature(): Signature {
    return (this.#signature ??= signatureOf(this.#text));
  }

  /** May it be called with these? Of lists and maps only the first item is looked at, as cel-go does. */
  takes(args: readonly Value[]): boolean {
    const types = this.signature.args;
    return types.length === args.length && types.every((type, i) => isOfType(type, args[i]!));
  }
}

export interface CelFunction {
  readonly overloads: readonly Overload[];
  /** Decides by itself what it takes when it runs, so that no overload is looked for. */
  readonly dispatches: boolean;
}

export type FunctionTable = Readonly<Record<string, CelFunction>>;
type Row = readonly [signature: string, run: Run, cost?: Cost];

/** A function with one implementation per signature: `string.(int) -> string` is that of a member, `(string) -> url` of a global. */
export const overloads = (...rows: readonly Row[]): CelFunction =>
  ({ overloads: rows.map(([text, run, cost]) => new Overload(text, run, cost)), dispatches: false });

/** A function with one implementation for all signatures, separated by semicolons; some have a cost of their own. */
export function singleton(run: Run, signatures: string, cost?: Cost, costs: Readonly<Record<string, Cost>> = {}): CelFunction {
  const texts = signatures.split(';').map((text) => text.trim());
  return { overloads: texts.map((text) => new Overload(text, run, costs[text] ?? cost)), dispatches: true };
}

const types: Readonly<Record<string, CelType>> = {
  any: anyValue, bool, bytes, double, duration, dyn, int, null: nullType, string, timestamp, type: typeOf(), uint,
  quantity: quantityType, url: urlType, semver: semverType, format: formatType, ip: ipType, cidr: cidrType,
  authorizer: authorizerType, resourceCheck: resourceCheckType, pathCheck: struct('kubernetes.authorization.PathCheck'),
  groupCheck: struct('kubernetes.authorization.GroupCheck'), decision: struct('kubernetes.authorization.Decision'),
};

function signatureOf(text: string): Signature {
  const reader = new SignatureReader(text);
  const target = text.startsWith('(') ? undefined : reader.type();
  if (target) reader.expect('.');
  const args = reader.types();
  reader.expect('->');
  return { isMember: target !== undefined, args: target ? [target, ...args] : args, result: reader.type() };
}

class SignatureReader {
  readonly #tokens: string[];

  constructor(text: string) {
    this.#tokens = text.match(/\w+|->|[().,]/g)!;
  }

  expect(token: string): void {
    const found = this.#tokens.shift();
    if (found !== token) throw new Error(`Expected ${token} in the signature of a function, found ${String(found)}.`);
  }

  types(): CelType[] {
    this.expect('(');
    const found: CelType[] = [];
    while (this.#tokens[0] !== ')') {
      if (found.length > 0) this.expect(',');
      found.push(this.type());
    }
    this.expect(')');
    return found;
  }

  type(): CelType {
    const name = this.#tokens.shift()!;
    if (this.#tokens[0] !== '(') return Object.hasOwn(types, name) ? types[name]! : param(name);
    const [first, second] = this.types();
    switch (name) {
      case 'list': return listOf(first!);
      case 'map': return mapOf(first!, second!);
      case 'type': return typeOf(first);
      default: return optionalOf(first!);
    }
  }
}

function isOfType(type: CelType, value: Value): boolean {
  if (type.kind === 'dyn' || type.kind === 'any' || type.kind === 'param') return true;
  if (type.name !== typeName(value)) return false;
  const [first, second] = type.params;
  if (value instanceof ListValue && first) return value.size === 0 || isOfType(first, value.items[0]!);
  if (value instanceof MapValue && first && second) {
    const [key] = value.keys;
    return key === undefined || (isOfType(first, key) && isOfType(second, value.find(key)!));
  }
  return true;
}
