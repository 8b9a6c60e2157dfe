/** Random values of Kubernetes types, right and wrong ones, made from the schema; and random edits of objects. */
import type { Prng } from '../../src/lib/prng.ts';
import type { ScalarKind } from '../../src/schema/meta.ts';
import type { Field, StructType, TypeRef } from '../../src/schema/struct-type.ts';

export const pick = <T>(random: Prng, list: readonly T[]): T => list[random.below(list.length)]!;
/** One of the values, which may be changed. */
function draw(random: Prng, list: readonly unknown[]): unknown {
  const value = pick(random, list);
  return value instanceof RawJson ? value : structuredClone(value);
}

export const chance = (random: Prng, share: number): boolean => random.fraction() < share;

/** Text that stands for itself in JSON: `JSON.stringify` cannot write what it says. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const strings = [
  '', 'a', 'web', 'b-1', 'UPPER', 'a.b/c', 'example.com/x', 'x'.repeat(64), 'x'.repeat(254), 'ü', '\u{1F600}', '\ud800', 'a_b', '-a', 'Always', 'Never',
  'OnFailure', 'TCP', 'UDP', 'None', 'NoSchedule', 'Exists', 'Equal', '1', 'true', '/tmp', '../x', '10.0.0.1', 'fd00::1', '10.0.0.0/8', '__proto__', 'constructor',
  '$(A)', '%', '%zz', '\n', '\0', '*/5 * * * *', 'In', 'NotIn', 'ClusterIP', 'ExternalName', 'LoadBalancer', 'status.podIP', 'metadata.labels[\'a\']', '50%', 'Foreground',
];
const integers: readonly unknown[] = [
  0, 1, 2, 5, 30, 80, 443, 8080, 65535, 65536, -1, 2147483647, 2147483648, 1000, 1.5, '5', new RawJson('1e400'), new RawJson('99999999999999999999'),
  new RawJson('-9223372036854775808'), new RawJson('9223372036854775807'), new RawJson('5.0'), new RawJson('1E2'), new RawJson('-0'),
];
const keys = ['a', 'app', 'cpu', 'memory', 'example.com/gpu', 'example.com/x', 'bad key', 'k'.repeat(64), '__proto__', 'constructor', 'toString', '', 'hugepages-2Mi', 'storage', '.', '$patch'];
const times = ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.123456Z', null, 'yesterday', '2020-01-01T02:00:00+02:00', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', ''];
const byScalar: Readonly<Record<ScalarKind, readonly unknown[]>> = {
  string: strings, bool: [true, false, 'true', null], int32: integers, int64: integers, float64: [0, 1.5, -1, new RawJson('1e400'), '1'],
  bytes: ['dg==', '', '!!!', 'YWJj', null, 'YQ'],
  quantity: ['1', '0', '100m', '1Gi', '0.5', '-1', '1e3', '1.5Gi', 'abc', '', '1 Gi', '0.0001', 100, 1.5, null, '1e99999', '9'.repeat(40), `${'1'.repeat(30)}m`, new RawJson('1e400')],
  time: times, microTime: times, intOrString: [80, 0, -1, 'http', '50%', '', 70000, 'x y', 1.5, null, '150%', {}],
  fieldsV1: [{}, null, 'x', { 'f:a': {} }, []], raw: [{}, null, 'x', [1]], json: [{}, null, 1], schemaOrArray: [{}, []], schemaOrBool: [true, {}],
  schemaOrStringArray: [{}, ['a']], object: [{}, null, { a: 1 }],
};

/** A value of the type, or nearly one. */
export function valueOf(random: Prng, type: TypeRef, depth: number): unknown {
  switch (type.kind) {
    case 'scalar': return draw(random, byScalar[type.scalar]);
    case 'list': return Array.from({ length: random.below(3) }, () => valueOf(random, type.items, depth - 1));
    case 'map': return fromEntries(Array.from({ length: random.below(3) }, () => [pick(random, keys), valueOf(random, type.values, depth - 1)]));
    case 'struct': return structOf(random, type.struct, depth);
  }
}

function structOf(random: Prng, { fields }: StructType, depth: number): Record<string, unknown> {
  if (depth <= 0) return {};
  const chosen = fields.filter(({ meta }) => chance(random, meta.required ? 0.9 : 2 / fields.length));
  return fromEntries(chosen.map((field) => [field.name, fieldValue(random, field, depth)]));
}

function fieldValue(random: Prng, { meta, type }: Field, depth: number): unknown {
  return meta.enum && chance(random, 0.7) ? pick(random, meta.enum) : valueOf(random, type, depth - 1);
}

/** `Object.fromEntries`, whose `__proto__` is a member too. */
const fromEntries = (entries: readonly (readonly unknown[])[]): Record<string, unknown> => {
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) object[String(key)] = value;
  return object;
};

const wrong: readonly unknown[] = ['str', 7, true, [], {}, null, [1], [null], [[]], { x: 1 }, 1.5, new RawJson('{"a":1,"a":2}'), new RawJson('{"__proto__":{"x":1}}'),
  new RawJson('[[[[{"a":[{}]}]]]]'), new RawJson(`${'['.repeat(200)}${']'.repeat(200)}`), new RawJson(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)];
const oddMembers = ['__proto__', 'constructor', 'toString', 'unknown', '$patch', '$retainKeys', '$setElementOrder/containers', '$deleteFromPrimitiveList/finalizers', 'Spec', ''];
const directives: readonly unknown[] = ['replace', 'delete', 'merge', 'nope', 7, null, ['a'], [{ name: 'a' }], [{}], {}];

/** Sets, removes or breaks something somewhere in an object. Answers the path. */
export function edit(random: Prng, root: StructType, object: Record<string, unknown>): string[] {
  let at = object;
  let type = root;
  const path: string[] = [];
  for (;;) {
    const field = pick(random, type.fields);
    path.push(field.name);
    const inner = structBelow(field.type);
    if (!inner || chance(random, 0.25)) {
      change(random, at, field);
      return path;
    }
    at = enter(random, at, field, path);
    type = inner;
  }
}

const structBelow = (type: TypeRef): StructType | undefined =>
  (type.kind === 'struct' ? type.struct : type.kind === 'list' && type.items.kind === 'struct' ? type.items.struct : undefined);

/** The object in a member, made when it is not there. */
function enter(random: Prng, at: Record<string, unknown>, { name, type }: Field, path: string[]): Record<string, unknown> {
  if (type.kind !== 'list') return isMembers(at[name]) ? at[name] : (at[name] = {});
  const list: unknown[] = Array.isArray(at[name]) ? at[name] as unknown[] : (at[name] = []);
  const i = list.length === 0 || chance(random, 0.1) ? list.length : random.below(list.length);
  path.push(String(i));
  const item = isMembers(list[i]) ? list[i] : {};
  list[i] = item;
  return item;
}

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawJson);

function change(random: Prng, at: Record<string, unknown>, field: Field): void {
  const kind = random.below(20);
  if (kind < 13) at[field.name] = fieldValue(random, field, 3);
  else if (kind < 15) delete at[field.name];
  else if (kind < 16) at[field.name] = null;
  else if (kind < 18) at[field.name] = draw(random, wrong);
  else define(at, pick(random, oddMembers), draw(random, chance(random, 0.5) ? directives : wrong));
}

function define(at: object, name: string, value: unknown): void {
  Object.defineProperty(at, name, { value, enumerable: true, configurable: true, writable: true });
}

/** JSON text, with RawJson as it is. */
export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`).join(',')}}`;
}
