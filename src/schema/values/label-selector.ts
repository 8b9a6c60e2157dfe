/**
 * Label selectors: the text of `?labelSelector=` and the LabelSelector object, both as a list of requirements
 * (apimachinery/pkg/labels). `label-selector-parser.ts` reads the text.
 */
import { goJson, quote } from '../../lib/go-format.ts';
import { labelKey, labelValue } from './label-syntax.ts';

/** The selector is not valid; the message is upstream's. */
export class LabelSelectorError extends Error {}

/** Operators as upstream prints them; `gt` and `lt` are written `>` and `<`. */
export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

/** The parts of a LabelSelector object that count. */
export interface LabelSelectorObject {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Requirements that labels must meet all of, sorted by key. */
export class LabelSelector {
  readonly requirements: readonly Requirement[];
  readonly #tests: readonly ((labels: Labels) => boolean)[];

  constructor(requirements: readonly Requirement[]) {
    this.requirements = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.#tests = this.requirements.map(compile);
  }

  /** True when every object matches. */
  get empty(): boolean {
    return this.requirements.length === 0;
  }

  matches(labels: Labels | undefined): boolean {
    const present = labels ?? noLabels;
    return this.#tests.every((test) => test(present));
  }

  /** The canonical text. */
  toString(): string {
    return this.requirements.map(printRequirement).join(',');
  }
}

const noLabels: Labels = {};

/** The selector of a LabelSelector object; `undefined` selects nothing and gives `undefined`. Throws `LabelSelectorError`. */
export function fromLabelSelector(object: LabelSelectorObject | undefined): LabelSelector | undefined {
  if (object === undefined) return undefined;
  const equalities = Object.entries(object.matchLabels ?? {}).map(([key, value]) => requirement(key, '=', [value]));
  const expressions = (object.matchExpressions ?? []).map((expression) =>
    requirement(expression.key, operatorOf(expression.operator), expression.values?.length ? expression.values : undefined));
  return new LabelSelector([...equalities, ...expressions]);
}

/** The selector of a stored object, which validation may have let pass when rules were laxer: an invalid one selects nothing, too. */
export function storedLabelSelector(object: LabelSelectorObject | undefined): LabelSelector | undefined {
  try {
    return fromLabelSelector(object);
  } catch (error) {
    if (error instanceof LabelSelectorError) return undefined;
    throw error;
  }
}

/** The selector of a plain map of labels, as ReplicationController and Service have it. The labels are taken to be valid. */
export function fromLabels(labels: Labels): LabelSelector {
  return new LabelSelector(Object.entries(labels).map(([key, value]) => ({ key, operator: '=', values: [value] })));
}

/** A LabelSelector object as tables show it. */
export function formatLabelSelector(object: LabelSelectorObject | undefined): string {
  try {
    return fromLabelSelector(object)?.toString() || '<none>';
  } catch (error) {
    if (error instanceof LabelSelectorError) return '<error>';
    throw error;
  }
}

/** Checks and makes a requirement. `values` is undefined where Go would have a nil list. Throws `LabelSelectorError`. */
export function requirement(key: string, operator: Operator, values: readonly string[] | undefined): Requirement {
  const list = values ?? [];
  const complaints: string[] = [];
  const keyErrors = labelKey(key);
  if (keyErrors.length > 0) complaints.push(invalid('key', key, keyErrors.join('; ')));
  const countError = wrongCount(operator, list.length);
  if (countError) complaints.push(invalid('values', values ?? null, countError));
  if (operator === 'gt' || operator === 'lt') {
    list.forEach((value, i) => {
      if (parseInteger(value) === undefined) complaints.push(invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
    });
  }
  list.forEach((value, i) => {
    const errors = labelValue(value);
    if (errors.length > 0) complaints.push(invalid(`values[${i}][${key}]`, value, errors.join('; ')));
  });
  const distinct = [...new Set(complaints)];
  if (distinct.length > 0) throw new LabelSelectorError(distinct.length === 1 ? distinct[0] : `[${distinct.join(', ')}]`);
  return { key, operator, values: list };
}

/** A complaint as `field.Invalid` prints it. */
export function invalid(path: string, value: unknown, complaint: string): string {
  return `${path}: Invalid value: ${typeof value === 'string' ? quote(value) : goJson(value)}: ${complaint}`;
}

function wrongCount(operator: Operator, count: number): string | undefined {
  switch (operator) {
    case 'in': case 'notin':
      return count === 0 ? "for 'in', 'notin' operators, values set can't be empty" : undefined;
    case '=': case '==': case '!=':
      return count === 1 ? undefined : 'exact-match compatibility requires one single value';
    case 'exists': case '!':
      return count === 0 ? undefined : 'values set must be empty for exists and does not exist';
    case 'gt': case 'lt':
      return count === 1 ? undefined : "for 'Gt', 'Lt' operators, exactly one value is required";
  }
}

function operatorOf(text: string): Operator {
  switch (text) {
    case 'In': return 'in';
    case 'NotIn': return 'notin';
    case 'Exists': return 'exists';
    case 'DoesNotExist': return '!';
    default: throw new LabelSelectorError(`${quote(text)} is not a valid label selector operator`);
  }
}

function compile({ key, operator, values }: Requirement): (labels: Labels) => boolean {
  const has = (labels: Labels) => Object.hasOwn(labels, key);
  switch (operator) {
    case '=': case '==': case 'in':
      return (labels) => has(labels) && values.includes(labels[key]!);
    case '!=': case 'notin':
      return (labels) => !has(labels) || !values.includes(labels[key]!);
    case 'exists':
      return has;
    case '!':
      return (labels) => !has(labels);
    case 'gt': case 'lt': {
      const bound = parseInteger(values[0]!)!;
      return (labels) => {
        const value = has(labels) ? parseInteger(labels[key]!) : undefined;
        return value !== undefined && (operator === 'gt' ? value > bound : value < bound);
      };
    }
  }
}

function parseInteger(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const integer = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return integer === BigInt.asIntN(64, integer) ? integer : undefined;
}

function printRequirement({ key, operator, values }: Requirement): string {
  const list = [...values].sort().join(',');
  switch (operator) {
    case 'exists': return key;
    case '!': return `!${key}`;
    case 'in': case 'notin': return `${key} ${operator} (${list})`;
    case 'gt': return `${key}>${list}`;
    case 'lt': return `${key}<${list}`;
    default: return `${key}${operator}${list}`;
  }
}
