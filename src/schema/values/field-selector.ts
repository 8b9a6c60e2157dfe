/** Field selectors, the text of `?fieldSelector=` (apimachinery/pkg/fields). Which fields exist is for each resource to say. */

/** The selector is not valid; the message is upstream's. */
export class FieldSelectorError extends Error {}

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Requirements that an object's fields must meet all of, sorted by the text they came from. */
export class FieldSelector {
  readonly requirements: readonly FieldRequirement[];

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements;
  }

  /** True when every object matches. */
  get empty(): boolean {
    return this.requirements.length === 0;
  }

  /** `valueOf` answers with a field's value; a field that is not there counts as empty. */
  matches(valueOf: (field: string) => string | undefined): boolean {
    return this.requirements.every(({ field, operator, value }) => ((valueOf(field) ?? '') === value) === (operator === '='));
  }

  /** The only value that `field` may have, if the selector says so. */
  exactMatch(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.operator === '=' && requirement.field === field)?.value;
  }

  /** The canonical text. */
  toString(): string {
    return this.requirements.map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`).join(',');
  }
}

/** Reads a selector such as `status.phase!=Running,spec.nodeName=n1`. Throws `FieldSelectorError`. */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = splitTerms(text).filter((term) => term !== '').sort();
  const requirements = terms.map((term) => parseTerm(term, text));
  return new FieldSelector(requirements.filter(({ field, value }) => field !== '' || value !== ''));
}

export function escapeFieldValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}

/** Throws `FieldSelectorError` for a bare `,` or `=` and for any other escape. */
export function unescapeFieldValue(value: string): string {
  return value.replace(/\\(.?)|[,=]/gsu, (found, escaped: string | undefined) => {
    if (escaped === undefined) {
      throw new FieldSelectorError(`invalid field selector: unescaped character in value: ${found.codePointAt(0)}`);
    }
    if (!/^[\\,=]$/.test(escaped)) throw new FieldSelectorError(`invalid field selector: invalid escape sequence: ${found}`);
    return escaped;
  });
}

function parseTerm(term: string, text: string): FieldRequirement {
  const match = /^([^=]*?)(!=|==|=)(.*)$/s.exec(term);
  if (!match) throw new FieldSelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
  const [, field = '', operator, value = ''] = match;
  return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeFieldValue(value) };
}

/** Splits at commas that are not escaped. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...terms, text.slice(start)];
}
