/** Names of Go types as Go prints them: `v1.Container`, `map[string]string`, `*int32` never. */
import type { FieldMeta, ScalarKind } from './meta.ts';
import type { TypeRef } from './struct-type.ts';

const scalarNames: Partial<Record<ScalarKind, string>> = {
  bytes: '[]uint8', quantity: 'resource.Quantity', time: 'v1.Time', microTime: 'v1.MicroTime', intOrString: 'intstr.IntOrString',
  fieldsV1: 'v1.FieldsV1', raw: 'runtime.RawExtension', json: 'v1.JSON', object: 'interface {}',
};

/** `core/v1.Container` → `v1.Container`; the package is the last part of its path. */
export function packageName(typeName: string): string {
  return typeName.slice(typeName.lastIndexOf('/') + 1);
}

/** `core/v1.Container` → `Container`. */
export function localName(typeName: string): string {
  return typeName.slice(typeName.lastIndexOf('.') + 1);
}

/** The Go type of a member. A name in `meta` belongs to the scalar, to the elements of a list, or to a whole map. */
export function goTypeName(type: TypeRef, meta: FieldMeta = {}): string {
  const named = meta.named === undefined || meta.named.includes('->') ? undefined : packageName(meta.named);
  switch (type.kind) {
    case 'scalar': return named ?? scalarNames[type.scalar] ?? type.scalar;
    case 'struct': return packageName(type.struct.name);
    case 'list': return named === 'v1.Verbs' ? named : `[]${named ?? goTypeName(type.items)}`;
    case 'map': return named ?? mapName(type.values, meta.named ?? '');
  }
}

function mapName(values: TypeRef, named: string): string {
  const [key = '', value = ''] = named.split('->');
  return `map[${key === '' ? 'string' : packageName(key)}]${value === '' ? goTypeName(values) : packageName(value)}`;
}
