/** Whether an object fits its type, in upstream's words (structured-merge-diff typed/validate.go). */
import { isObject } from '../../lib/json.ts';
import { goPrint, goSyntax, goTypeOf } from '../patch/go-print.ts';
import { fieldElement, printElement } from './path-element.ts';
import type { ListModel, MapModel, ScalarModel, TypeModel } from './type-model.ts';
import { itemElement, kindOf, memberModel, TypedValueError } from './typed-value.ts';

interface Fault {
  readonly path: string;
  readonly message: string;
}

/** Stored lists may hold items twice, applied ones may not. */
type Duplicates = 'allowDuplicates' | 'refuseDuplicates';

/** Upstream's text of all faults; undefined when the object fits. */
export function faultsOf(model: TypeModel, value: unknown, duplicates: Duplicates = 'refuseDuplicates'): string | undefined {
  const texts = validate(model, value, duplicates).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (texts.length === 0) return undefined;
  return texts.length === 1 ? texts[0] : ['errors:', ...texts.map((text) => `  ${text}`)].join('\n');
}

function validate(model: TypeModel, value: unknown, duplicates: Duplicates): Fault[] {
  switch (kindOf(model, value)) {
    case 'map': return validateMap(model.map!, value, duplicates);
    case 'list': return validateList(model.list!, value, duplicates);
    case 'scalar': return value === null || scalarChecks[model.scalar!](value) ? [] : [here(scalarFault(model.scalar!, value))];
  }
}

const here = (message: string): Fault => ({ path: '', message });
const below = (element: string, faults: readonly Fault[]): Fault[] =>
  faults.map(({ path, message }) => ({ path: printElement(element) + path, message }));

function validateMap(model: MapModel, value: unknown, duplicates: Duplicates): Fault[] {
  if (value === null || value === undefined) return [];
  if (!isObject(value)) return [here(`expected map, got &{${goPrint(value)}}`)];
  const faults: Fault[] = [];
  for (const name of Object.keys(value)) {
    const type = memberModel(model, name);
    if (type === undefined) return [...faults, ...below(fieldElement(name), [here('field not declared in schema')])];
    faults.push(...below(fieldElement(name), validate(type, value[name], duplicates)));
  }
  return faults;
}

function validateList(model: ListModel, value: unknown, duplicates: Duplicates): Fault[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return [here(`expected list, got &{${goPrint(value)}}`)];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [i, item] of (value as unknown[]).entries()) {
    const element = model.kind === 'atomic' ? `i:${i}` : elementOrFault(model, item);
    if (typeof element !== 'string') return [...faults, here(`element ${i}: ${element.message}`)];
    if (seen.has(element) && duplicates === 'refuseDuplicates') faults.push(here(`duplicate entries for key ${printElement(element)}`));
    seen.add(element);
    faults.push(...below(element, validate(model.items, item, duplicates)));
  }
  return faults;
}

function elementOrFault(model: ListModel, item: unknown): string | TypedValueError {
  try {
    return itemElement(model, item);
  } catch (error) {
    if (error instanceof TypedValueError) return error;
    throw error;
  }
}

const scalarChecks: Readonly<Record<ScalarModel, (value: unknown) => boolean>> = {
  numeric: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  untyped: (value) => typeof value !== 'object',
};

function scalarFault(scalar: ScalarModel, value: unknown): string {
  switch (scalar) {
    case 'numeric': return `expected numeric (int or float), got ${goTypeOf(value)}`;
    case 'string': return `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean': return `expected boolean, got &{${goPrint(value)}}`;
    case 'untyped': return `expected any scalar, got &{${goPrint(value)}}`;
  }
}
