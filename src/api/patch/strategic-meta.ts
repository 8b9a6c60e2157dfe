/** What strategic merge knows of members from the schema, and the errors it raises. */
import { isObject } from '../../lib/json.ts';
import type { Field, StructType, TypeRef } from '../../schema/struct-type.ts';
import { goPrint, goTypeOf } from './go-print.ts';

/** `badRequest`: 400. `hidden`: 422 with the generic text. `plain`: a plain Go error, 500. */
export type StrategicFault = 'badRequest' | 'hidden' | 'plain';

export class StrategicMergeError extends Error {
  readonly fault: StrategicFault;
  constructor(message: string, fault: StrategicFault = 'plain') {
    super(message);
    this.fault = fault;
  }
}

export type JsonMap = Record<string, unknown>;

export const directive = '$patch';

export interface MemberMeta {
  readonly type: TypeRef;
  readonly merges: boolean;
  readonly replaces: boolean;
  readonly mergeKey: string;
}

/** The member `name` of a value of `type`. */
export function memberMeta(type: TypeRef, name: string): MemberMeta {
  if (type.kind !== 'struct') throw new StrategicMergeError(`merging an object in json but data type is not struct, instead is: ${goKind(type)}`);
  const field = type.struct.byName.get(name) ?? sameFold(type.struct, name);
  if (!field) {
    const goName = type.struct.name.slice(type.struct.name.lastIndexOf('.') + 1);
    throw new StrategicMergeError(`unable to find api field in struct ${goName} for the json field ${JSON.stringify(name)}`);
  }
  const strategies = (field.meta.patchStrategy ?? '').split(',');
  return {
    type: field.type, merges: strategies.includes('merge'), replaces: strategies.includes('replace'), mergeKey: field.meta.patchMergeKey ?? '',
  };
}

/** Go finds members without regard to case. */
function sameFold(struct: StructType, name: string): Field | undefined {
  return struct.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
}

/** What a list member merges: its items. */
export function listMeta(member: MemberMeta): MemberMeta {
  if (member.type.kind === 'list') return { ...member, type: member.type.items };
  throw new StrategicMergeError('expected slice or array type, but got: struct');
}

export const goKind = (type: TypeRef) => (type.kind === 'list' ? 'slice' : type.kind === 'scalar' ? 'string' : type.kind);

export function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new StrategicMergeError(`expected a []interface {}, but received a ${goTypeOf(value)}`);
}

export function asMap(value: unknown): JsonMap {
  if (isObject(value)) return value;
  throw new StrategicMergeError(`expected a map[string]interface {}, but received a ${goTypeOf(value)}`);
}

export const noMergeKey = (map: JsonMap, mergeKey: string) =>
  new StrategicMergeError(`map: ${goPrint(map)} does not contain declared merge key: ${mergeKey}`);

export function badPatchType(verb: unknown, map: JsonMap): StrategicMergeError {
  const shown = typeof verb === 'string' ? verb : verb === null ? '%!s(<nil>)' : `%!s(${goTypeOf(verb)}=${goPrint(verb)})`;
  return new StrategicMergeError(`unknown patch type: ${shown} in map: ${goPrint(map)}`);
}
