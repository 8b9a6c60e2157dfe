/**
 * Objects as Kubernetes prints them to hash them: Go's structs with all their fields, set or not, in the words of the spew
 * library (k8s.io/utils/dump ForHash, `%#v` without addresses). As they are once they came back from the store: empty lists
 * and maps are nil.
 */
import { goTypeName, localName, packageName } from './go-types.ts';
import type { ScalarKind } from './meta.ts';
import type { Field, StructType, TypeRef } from './struct-type.ts';
import { parseQuantity, type QuantityFields } from './values/quantity.ts';

type Members = Readonly<Record<string, unknown>>;

/** `object` is of `type`, in canonical form. Times are taken as not set: templates of Pods have none. */
export function goDump(type: StructType, object: object): string {
  return `(${packageName(type.name)})${structBody(type, object as Members)}`;
}

function structBody(type: StructType, object: Members): string {
  return `{${fieldTexts(type.fields, object, 0).join(' ')}}`;
}

/** The fields of a struct, those of the structs embedded in it in braces of their own. `depth`: how deep these are embedded. */
function fieldTexts(fields: readonly Field[], object: Members, depth: number): string[] {
  const texts: string[] = [];
  for (let i = 0; i < fields.length;) {
    const embedded = fields[i]!.meta.inlines?.[depth]?.struct;
    if (!embedded) {
      texts.push(fieldText(fields[i]!, object));
      i++;
      continue;
    }
    const end = fields.findIndex((field, j) => j > i && field.meta.inlines?.[depth]?.struct !== embedded);
    const inside = fields.slice(i, end < 0 ? fields.length : end);
    const name = embedded.typeName;
    texts.push(`${localName(name)}:(${packageName(name)}){${fieldTexts(inside, object, depth + 1).join(' ')}}`);
    i += inside.length;
  }
  return texts;
}

function fieldText(field: Field, object: Members): string {
  const { goName, name, type, meta } = field;
  const value = object[name] ?? undefined;
  const pointer = isPointer(field);
  return `${goName}:(${pointer ? '*' : ''}${goTypeName(type, meta)})${pointer && value === undefined ? '<nil>' : bodyText(type, value)}`;
}

/** Of what JSON writes as `null`, lists, maps and times need no pointer for that. */
function isPointer({ pointer, nullable, type }: Field): boolean {
  return pointer || (nullable && (type.kind === 'struct' || (type.kind === 'scalar' && type.scalar !== 'time' && type.scalar !== 'microTime')));
}

/** A value without the name of its type. */
function bodyText(type: TypeRef, value: unknown): string {
  switch (type.kind) {
    case 'struct': return structBody(type.struct, (value ?? {}) as Members);
    case 'list': {
      const items = (value ?? []) as readonly unknown[];
      return items.length === 0 ? '<nil>' : `[${items.map((item) => bodyText(type.items, item)).join(' ')}]`;
    }
    case 'map': {
      const entries = Object.entries((value ?? {}) as Members).sort(([a], [b]) => (a < b ? -1 : 1));
      return entries.length === 0 ? '<nil>' : `map[${entries.map(([key, item]) => `${key}:${bodyText(type.values, item)}`).join(' ')}]`;
    }
    case 'scalar': return scalarText(type.scalar, value);
  }
}

const zeroTime = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}';

function scalarText(scalar: ScalarKind, value: unknown): string {
  switch (scalar) {
    case 'bool': return String(value ?? false);
    case 'int32': case 'int64': case 'float64': return String(value ?? 0);
    case 'quantity': return quantityText(parseQuantity(String(value ?? '0')).fields());
    case 'intOrString': return typeof value === 'string'
      ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}` : `{Type:(intstr.Type)0 IntVal:(int32)${Number(value ?? 0)} StrVal:(string)}`;
    case 'time': case 'microTime': return zeroTime;
    default: return String(value ?? '');
  }
}

function quantityText({ int64, decimal, text, format }: QuantityFields): string {
  const dec = decimal === undefined ? '<nil>'
    : `{unscaled:(big.Int){neg:(bool)${decimal.unscaled < 0n} abs:(big.nat)${wordsText(decimal.unscaled)}} scale:(inf.Scale)${-decimal.exponent}}`;
  return `{i:(resource.int64Amount){value:(int64)${int64.unscaled} scale:(resource.Scale)${int64.exponent}} `
    + `d:(resource.infDecAmount){Dec:(*inf.Dec)${dec}} s:(string)${text} Format:(resource.Format)${format}}`;
}

/** The words of a big number, lowest first. */
function wordsText(number: bigint): string {
  const words: bigint[] = [];
  for (let rest = number < 0n ? -number : number; rest > 0n; rest >>= 64n) words.push(BigInt.asUintN(64, rest));
  return words.length === 0 ? '<nil>' : `[${words.join(' ')}]`;
}
