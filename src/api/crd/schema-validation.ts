/**
 * Values against structural schemas, with the texts of kube-openapi (pkg/validation/validate) as apiextensions turns them
 * into causes (pkg/apiserver/validation/validation.go). No JSON-schema library prints these, so the walk is ours.
 */
import { equal, isObject } from '../../lib/json.ts';
import {
  invalid, invalidUnprinted, notSupported, required, tooLong, tooMany, typeInvalid, type FieldError,
} from '../field-error.ts';
import { goJson, goString, quote } from '../../lib/go-format.ts';
import { fitsFormat } from './formats.ts';
import { additional, itemSchema, oldItem, properties, property, type Schema } from './schema.ts';

/** How upstream prints the path of the whole object. */
export const noPath = '<nil>';

/**
 * All that is wrong with `value`. `under` is where it stands in its object: empty, or `status`. What an update leaves as it
 * is in `old` may stay wrong (ratcheting).
 */
export function validateValue(schema: Schema, value: unknown, under = '', old?: unknown): FieldError[] {
  return new Walk(under).check(schema, value, '', old);
}

class Walk {
  readonly #under: string;

  constructor(under: string) {
    this.#under = under;
  }

  check(schema: Schema, value: unknown, path: string, old: unknown): FieldError[] {
    if (old !== undefined && equal(value, old)) return [];
    const errors = [...this.#type(schema, value, path), ...this.#combined(schema, value, path, old)];
    if (typeof value === 'string') errors.push(...this.#string(schema, value, path));
    if (typeof value === 'number') errors.push(...this.#number(schema, value, path));
    if (Array.isArray(value)) errors.push(...this.#list(schema, value, path, old));
    if (schema.enum && value !== null && !schema.enum.some((one) => equal(one, value))) {
      errors.push(notSupported(this.#field(path), value, schema.enum.map((one) => (typeof one === 'string' ? one : goJson(one)))));
    }
    if (isObject(value)) errors.push(...this.#object(schema, value, path, isObject(old) ? old : {}));
    return errors;
  }

  /** The field of an error about `path`. */
  #field(path: string): string {
    const name = path.replace(/^\./, '');
    if (name === '') return this.#under === '' ? noPath : this.#under;
    return this.#under === '' ? name : `${this.#under}.${name}`;
  }

  #invalid(path: string, value: unknown, text: string): FieldError {
    return invalid(this.#field(path), value, `${path} in body ${text}`);
  }

  #type(schema: Schema, value: unknown, path: string): FieldError[] {
    const wanted = typesOf(schema);
    if (wanted.length === 0 || (value === null && schema.nullable)) return [];
    const actual = typeOf(value);
    if (wanted.includes(actual) || (actual === 'integer' && wanted.includes('number'))) return [];
    return [typeInvalid(this.#field(path), actual, `${path} in body must be of type ${wanted.join(',')}: ${quote(actual)}`)];
  }

  #string(schema: Schema, value: string, path: string): FieldError[] {
    const wrong = this.#text(schema, value, path);
    const errors = wrong ? [wrong] : [];
    if (schema.format && !fitsFormat(schema.format, value)) {
      errors.push(typeInvalid(this.#field(path), value, `${path} in body must be of type ${schema.format}: ${quote(value)}`));
    }
    return errors;
  }

  /** Only the first of these faults counts. */
  #text({ maxLength, minLength, pattern }: Schema, value: string, path: string): FieldError | undefined {
    const length = [...value].length;
    if (maxLength !== undefined && length > maxLength) return tooLong(this.#field(path), maxLength);
    if (minLength !== undefined && length < minLength) return this.#invalid(path, value, `should be at least ${minLength} chars long`);
    return pattern && !regExp(pattern).test(value) ? this.#invalid(path, value, `should match '${pattern}'`) : undefined;
  }

  #number({ multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum }: Schema, value: number, path: string): FieldError[] {
    const errors: FieldError[] = [];
    if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
      errors.push(this.#invalid(path, value, `should be a multiple of ${goString(multipleOf)}`));
    }
    if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
      errors.push(this.#invalid(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${goString(maximum)}`));
    }
    if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
      errors.push(this.#invalid(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${goString(minimum)}`));
    }
    return errors;
  }

  #list(schema: Schema, value: readonly unknown[], path: string, old: unknown): FieldError[] {
    const items = itemSchema(schema);
    const errors = items ? value.flatMap((item, i) => this.check(items, item, `${path}[${i}]`, oldItem(schema, item, old))) : [];
    if (schema.minItems !== undefined && value.length < schema.minItems) {
      errors.push(this.#invalid(path, value.length, `should have at least ${schema.minItems} items`));
    }
    if (schema.maxItems !== undefined && value.length > schema.maxItems) {
      errors.push(tooMany(this.#field(path), value.length, schema.maxItems));
    }
    return errors;
  }

  #object(schema: Schema, value: Record<string, unknown>, path: string, old: Record<string, unknown>): FieldError[] {
    const count = Object.keys(value).length;
    if (schema.minProperties !== undefined && count < schema.minProperties) {
      return [this.#invalid(path, count, `should have at least ${schema.minProperties} properties`)];
    }
    if (schema.maxProperties !== undefined && count > schema.maxProperties) return [tooMany(this.#field(path), count, schema.maxProperties)];
    const errors: FieldError[] = [];
    const others = additional(schema);
    if (others) {
      for (const name of Object.keys(value).sort()) {
        if (!property(schema, name)) errors.push(...this.check(others, value[name], `${path}.${name}`, old[name]));
      }
    }
    for (const [name, declared] of properties(schema)) {
      if (Object.hasOwn(value, name)) errors.push(...this.check(declared, value[name], path === '' ? name : `${path}.${name}`, old[name]));
    }
    for (const name of schema.required ?? []) {
      if (!Object.hasOwn(value, name)) errors.push(required(this.#field(`${path}.${name}`)));
    }
    return errors;
  }

  /** anyOf, oneOf, allOf and not; of failed alternatives the one that came closest is shown. */
  #combined({ anyOf = [], oneOf = [], allOf = [], not }: Schema, value: unknown, path: string, old: unknown): FieldError[] {
    if (value === null) return [];
    const errors: FieldError[] = [];
    const outcomes = (schemas: readonly Schema[]) => schemas.map((schema) => this.check(schema, value, path, old));
    const any = outcomes(anyOf);
    if (any.length > 0 && any.every((one) => one.length > 0)) {
      errors.push(this.#composite(`${quote(path)} must validate at least one schema (anyOf)`), ...closest(any));
    }
    const one = outcomes(oneOf);
    const valid = one.filter((outcome) => outcome.length === 0).length;
    if (one.length > 0 && valid !== 1) {
      const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
      errors.push(this.#composite(`${quote(path)} must validate one and only one schema (oneOf). ${found}`), ...(valid === 0 ? closest(one) : []));
    }
    const all = outcomes(allOf);
    const failed = all.filter((outcome) => outcome.length > 0);
    if (failed.length > 0) {
      const none = failed.length === all.length ? '. None validated' : '';
      errors.push(...failed.flat(), this.#composite(`${quote(path)} must validate all the schemas (allOf)${none}`));
    }
    if (not && this.check(not, value, path, undefined).length === 0) {
      errors.push(this.#composite(`${quote(path)} must not validate the schema (not)`));
    }
    return errors;
  }

  #composite(text: string): FieldError {
    return invalid(this.#under === '' ? noPath : this.#under, '', text);
  }
}

const closest = (outcomes: readonly FieldError[][]): FieldError[] =>
  outcomes.reduce((best, one) => (one.length < best.length ? one : best));

function typesOf(schema: Schema): string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const patterns = new Map<string, RegExp>();

/** Go's expressions are close enough to those of Unicode mode; what is not is read without it. */
export function regExp(pattern: string): RegExp {
  let found = patterns.get(pattern);
  if (!found) patterns.set(pattern, found = compile(pattern));
  return found;
}

function compile(pattern: string): RegExp {
  const flagged = /^\(\?([is]+)\)/.exec(pattern);
  const text = pattern.slice(flagged?.[0].length ?? 0).replaceAll('\\z', '$').replaceAll('\\A', '^').replaceAll('(?P<', '(?<');
  const flags = flagged?.[1] ?? '';
  try {
    return new RegExp(text, `${flags}u`);
  } catch {
    return new RegExp(text, flags);
  }
}

/** The cause that stands for the CEL rules when others came first (customresource/strategy.go hasBlockingErr). */
export function rulesNotChecked(errors: readonly FieldError[]): FieldError | undefined {
  const blocks = errors.some(({ type }) => blocking.has(type));
  return blocks ? { ...invalidUnprinted(noPath, ''), body: `Invalid value: null: ${notChecked}` } : undefined;
}

const blocking: ReadonlySet<string> = new Set([
  'FieldValueNotSupported', 'FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid',
]);
const notChecked = 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
