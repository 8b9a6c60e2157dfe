/** Objects as rules see them: typed by their schema (apiserver/pkg/cel/common/valuesunstructured.go). */
import { equal as equalJson, isObject } from '../../lib/json.ts';
import { additional, itemSchema, property, type Schema } from '../crd/schema.ts';
import { fail } from './arguments.ts';
import { escapedName, unescapedName } from './field-names.ts';
import { resourceType } from './schema-types.ts';
import { Duration, Timestamp } from './times.ts';
import { equal, HeldValue, ListValue, MapValue, printedValue, typeName, Uint, type Value } from './values.ts';
import { schemaDuration } from './schema-durations.ts';

/** Throws EvaluationError for what does not fit the schema. */
export function schemaValue(value: unknown, schema: Schema): Value {
  if (value === null) return schema.nullable ? null : fail('invalid data, got null for schema with nullable=false');
  if (schema['x-kubernetes-int-or-string']) return intOrString(value);
  switch (schema.type) {
    case 'object': return isObject(value) ? new SchemaMap(value, schema['x-kubernetes-embedded-resource'] ? resourceType(schema) : schema) : wrong('a map for the provided schema with type=object');
    case 'array': return Array.isArray(value) ? new SchemaList(value, schema) : wrong('an array for the provided schema with type=array');
    case 'string': return typeof value === 'string' ? typedText(value, schema.format) : wrong('string');
    case 'number': return typeof value === 'number' ? value : wrong('float');
    case 'integer': return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : wrong('int');
    case 'boolean': return typeof value === 'boolean' ? value : wrong('bool');
    default: return new PreservedValue(value);
  }
}

const wrong = (what: string): never => fail(`invalid data, expected ${what}`);

function intOrString(value: unknown): Value {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : wrong('XIntOrString value to be either a string or integer');
}

function typedText(value: string, format: string | undefined): Value {
  switch (format) {
    case 'duration': return new Duration(schemaDuration(value));
    case 'date': return Timestamp.parse(`${value}T00:00:00Z`) ?? fail(`Invalid date formatted string ${value}`);
    case 'date-time': return Timestamp.parse(value.toUpperCase()) ?? fail(`Invalid date-time formatted string ${value}`);
    case 'byte': return Buffer.from(value, 'base64');
    default: return value;
  }
}

/** What a schema says nothing of; rules can only compare what holds it. */
class PreservedValue extends HeldValue<unknown> {
  readonly typeName = 'unknown';

  equals(other: Value): boolean {
    return other instanceof PreservedValue && equalJson(this.value, other.value);
  }
}

class SchemaMap extends MapValue {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #schema: Schema;
  readonly #found = new Map<string, Value>();

  constructor(value: Readonly<Record<string, unknown>>, schema: Schema) {
    super();
    this.#value = value;
    this.#schema = schema;
  }

  override get size(): number {
    return Object.keys(this.#value).length;
  }

  /** As expressions write them; what the schema does not declare is not among them. */
  get keys(): readonly Value[] {
    const names = Object.keys(this.#value).filter((name) => this.#schemaOf(name)).sort();
    return this.#hasProperties ? names.map((name) => escapedName(name) ?? name) : names;
  }

  get #hasProperties(): boolean {
    return this.#schema.properties !== undefined;
  }

  #schemaOf(name: string): Schema | undefined {
    return this.#hasProperties ? property(this.#schema, name) : additional(this.#schema);
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string') fail('no such overload');
    const name = this.#hasProperties ? unescapedName(key as string) : key as string;
    const schema = name === undefined || !Object.hasOwn(this.#value, name) ? undefined : this.#schemaOf(name);
    if (!schema) return undefined;
    const value = this.#value[name!];
    if (this.#hasProperties && value === null) return undefined;
    if (!this.#found.has(name!)) this.#found.set(name!, schemaValue(value, schema));
    return this.#found.get(name!);
  }

  override equals(other: Value): boolean {
    if (!(other instanceof MapValue)) return fail('no such overload');
    if (this.size !== other.size) return false;
    return Object.keys(this.#value).every((name) => this.#hasSame(name, other));
  }

  #hasSame(name: string, other: MapValue): boolean {
    if (!this.#schemaOf(name)) return !(other instanceof SchemaMap) || !Object.hasOwn(other.#value, name) || equalJson(this.#value[name], other.#value[name]);
    const [mine, theirs] = [this.find(name), other.find(name)];
    if (mine === undefined || theirs === undefined) return mine === theirs;
    return equal(mine, theirs);
  }
}

class SchemaList extends ListValue {
  readonly #elements: readonly unknown[];
  readonly #schema: Schema;
  #items: readonly Value[] | undefined;

  constructor(elements: readonly unknown[], schema: Schema, items?: readonly Value[]) {
    super();
    this.#elements = elements;
    this.#schema = schema;
    this.#items = items;
  }

  get items(): readonly Value[] {
    return (this.#items ??= this.#elements.map((element) => schemaValue(element, itemSchema(this.#schema) ?? {})));
  }

  override get size(): number {
    return this.#elements.length;
  }

  override at(index: number, key: Value): Value | undefined {
    const item = this.items[index];
    return item === undefined || typeof key === 'bigint' ? item : fail(`unsupported index: ${printedValue(key)}`);
  }

  /** Sets and maps have no order. */
  override equals(other: Value): boolean {
    if (!(other instanceof ListValue)) return fail('no such overload');
    if (other.size !== this.size) return false;
    const find = this.#finder();
    if (!find) return this.items.every((item, i) => equal(item, other.items[i]!));
    return other.items.every((item) => {
      const mine = find(item);
      return mine !== undefined && equal(mine, item);
    });
  }

  /** Of two lists of one kind: what comes second replaces, or adds. */
  override plus(other: ListValue): ListValue {
    const find = this.#finder();
    const items = [...this.items];
    for (const item of other.items) {
      const mine = find?.(item);
      if (mine === undefined) items.push(item);
      else items[items.indexOf(mine)] = item;
    }
    return new SchemaList(items, this.#schema, items);
  }

  /** Finds the item that stands for the same thing; undefined for lists in which places do. */
  #finder(): ((item: Value) => Value | undefined) | undefined {
    const type = this.#schema['x-kubernetes-list-type'];
    if (type !== 'set' && type !== 'map') return undefined;
    const keys = type === 'map' ? this.#schema['x-kubernetes-list-map-keys'] ?? [] : undefined;
    const byKey = new Map(this.items.map((item) => [keyOf(item, keys), item]));
    return (item) => byKey.get(keyOf(item, keys));
  }
}

/** What tells items apart: their keys, or all of a scalar. */
function keyOf(item: Value, keys: readonly string[] | undefined): string {
  if (!keys) return `${typeName(item)} ${String(item)}`;
  return keys.map((key) => {
    const value = item instanceof MapValue ? item.find(escapedName(key) ?? key) : undefined;
    return value === undefined ? '' : keyOf(value, undefined);
  }).join('\n');
}

/** JSON without a schema: whole numbers count as integers. */
export function dynamicValue(value: unknown): Value {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return new SchemaList(value, { items: {} }, value.map(dynamicValue));
  if (isObject(value)) return new DynamicMap(value);
  return value instanceof Uint ? value : value as Value;
}

class DynamicMap extends MapValue {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: Readonly<Record<string, unknown>>) {
    super();
    this.#value = value;
  }

  get keys(): readonly Value[] {
    return Object.keys(this.#value);
  }

  find(key: Value): Value | undefined {
    return typeof key === 'string' && Object.hasOwn(this.#value, key) ? dynamicValue(this.#value[key]) : undefined;
  }
}
