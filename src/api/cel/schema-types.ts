/** The types of what a schema describes, as rules see it, and how large that may be (apiserver/pkg/cel/common/schemas.go). */
import { between } from './cost.ts';
import type { Path, SizeAt } from './estimator.ts';
import { escapedName } from './field-names.ts';
import { additional, itemSchema, properties, type Schema } from '../crd/schema.ts';
import { bool, bytes, double, duration, dyn, int, listOf, mapOf, string, struct, timestamp, type CelType } from './types.ts';

/** The type of a value of a schema. */
export interface DeclaredType {
  readonly type: CelType;
  /** Characters, items or entries at most; 0 for what has no size. */
  readonly most: number;
  /** Bytes of JSON at least. */
  readonly leastBytes: number;
  /** Of the items of a list or the values of a map. */
  readonly inner?: DeclaredType;
  /** Of the keys of a map. */
  readonly keys?: DeclaredType;
  readonly fields?: Readonly<Record<string, DeclaredType>>;
}

const requestBytesMax = 3 * 1024 * 1024;
const text: Schema = { type: 'string' };
/** What rules may see of a resource's own members. */
const resource: Schema['properties'] = {
  apiVersion: text, kind: text, metadata: { type: 'object', properties: { name: text, generateName: text } },
};
/** Upstream's name for the type of `self` ends in a random number. */
const selfName = 'selfType1';

/** The schema of a whole resource as rules see it. */
export const resourceType = (schema: Schema): Schema => ({ ...schema, properties: { ...schema.properties, ...resource } });

const simple = (type: CelType, leastBytes: number, most = 0): DeclaredType => ({ type, most, leastBytes });
const notNegative = (value: number): number => Math.max(value, 0);
const textMax = requestBytesMax - 2;

/** Undefined for what has no type: rules cannot see it. */
export function declaredType(schema: Schema, name = selfName): DeclaredType | undefined {
  if (schema['x-kubernetes-int-or-string']) return simple(dyn, 1, schema.maxLength === undefined ? textMax : notNegative(schema.maxLength) * 4);
  const whole = schema['x-kubernetes-embedded-resource'] ? resourceType(schema) : schema;
  switch (schema.type) {
    case 'array': return listType(schema, name);
    case 'object': return additional(schema) ? mapType(schema, name) : objectType(whole, name);
    case 'string': return textType(schema);
    case 'boolean': return simple(bool, 4);
    case 'number': return simple(double, 1);
    case 'integer': return simple(int, 1);
    default: return undefined;
  }
}

function listType(schema: Schema, name: string): DeclaredType | undefined {
  const items = itemSchema(schema);
  const inner = items && declaredType(items, `${name}.@idx`);
  if (!inner) return undefined;
  const most = schema.maxItems === undefined ? Math.floor((requestBytesMax - 2) / (inner.leastBytes + 1)) : notNegative(schema.maxItems);
  return { type: listOf(inner.type), most, leastBytes: 2, inner };
}

function mapType(schema: Schema, name: string): DeclaredType | undefined {
  const inner = declaredType(additional(schema)!, `${name}.@elem`);
  if (!inner) return undefined;
  const most = schema.maxProperties === undefined ? Math.floor((requestBytesMax - 2) / (inner.leastBytes + 6)) : notNegative(schema.maxProperties);
  return { type: mapOf(string, inner.type), most, leastBytes: 2, inner, keys: simple(string, 2) };
}

function objectType(schema: Schema, name: string): DeclaredType {
  const fields: Record<string, DeclaredType> = {};
  let leastBytes = 2;
  for (const [member, declared] of properties(schema)) {
    const escaped = escapedName(member);
    const field = declaredType(declared, `${name}.${escaped ?? member}`);
    if (!field) continue;
    if (escaped !== undefined) fields[escaped] = field;
    if (schema.required?.includes(member) && (declared.default ?? null) === null) leastBytes += Buffer.byteLength(member) + field.leastBytes + 4;
  }
  const type = struct(name, Object.fromEntries(Object.entries(fields).map(([field, declared]) => [field, declared.type])));
  return { type, most: 0, leastBytes, fields };
}

function textType({ format, maxLength, enum: values = [] }: Schema): DeclaredType {
  switch (format) {
    case 'byte': return simple(bytes, 2, maxLength === undefined ? textMax : notNegative(maxLength));
    case 'duration': return simple(duration, 3, 32);
    case 'date': return simple(timestamp, 12, 12);
    case 'date-time': return simple(timestamp, 21, 32);
    default:
  }
  const longest = Math.max(0, ...values.filter((value) => typeof value === 'string').map((value) => Buffer.byteLength(value)));
  return simple(string, 2, maxLength === undefined ? (values.length > 0 ? longest : textMax) : notNegative(maxLength) * 4);
}

/**
 * How large what a path leads to may be. The first part is `self` or `oldSelf`; upstream takes whatever is there for that, so that the items of
 * lists that were computed count as empty.
 */
export const sizesIn = (root: DeclaredType): SizeAt => (path: Path) => {
  let at: DeclaredType | undefined = root;
  for (const part of path.slice(1)) {
    if (part === '@items' || part === '@values') at = at.inner;
    else if (part === '@keys') at = at.keys;
    else at = at.fields && Object.hasOwn(at.fields, part) ? at.fields[part] : undefined;
    if (!at) return undefined;
  }
  return between(0, at.most);
};

/** How often a value of so many bytes fits into a request. */
export const timesInRequest = ({ leastBytes }: DeclaredType): number => Math.floor(requestBytesMax / (leastBytes + 1));
