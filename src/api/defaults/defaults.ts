/**
 * Defaulting: what the API server fills into an object before anybody looks at it.
 *
 * Two sources: constants that the schema declares, and the conditional rules written in this folder (`rules.ts` collects
 * them), each bound to the type it speaks of. A type's rule runs wherever the type occurs, outer types first, so Pods and pod
 * templates share all rules but those of `core/v1.Pod` itself. Conversions and what admission or a create strategy adds are
 * not defaults and live elsewhere.
 */
import type { Field, StructType, TypeRef } from '../../schema/struct-type.ts';
import { defaulters } from './rules.ts';
import { roundToMilli } from './resource-list.ts';

type Apply = (value: never) => void;
/** `done` is an object that has been filled already: members that are its very own are passed over. */
type ApplyAny = (value: unknown, done?: object) => void;

/**
 * Fills `object`, a freshly decoded object in canonical form, in place. New members come last in their object; `normalize`
 * puts them into Go's order before anything is stored. Members that are the very ones of `stored` have theirs.
 */
export function applyDefaults(type: StructType, object: object, stored?: object): void {
  (compiledStruct(type) as ApplyAny | undefined)?.(object, stored);
}

/** Undefined for a type below which nothing is ever defaulted. */
const compiled = new Map<StructType, Apply | undefined>();

function compiledStruct(type: StructType): Apply | undefined {
  if (!compiled.has(type)) {
    // A type that occurs inside itself (JSONSchemaProps) has no defaults; this entry ends the recursion.
    compiled.set(type, undefined);
    compiled.set(type, compileStruct(type));
  }
  return compiled.get(type);
}

function compileStruct(type: StructType): Apply | undefined {
  const steps = [
    ...(defaulters.has(type.name) ? [defaulters.get(type.name)! as ApplyAny] : []),
    ...type.fields.flatMap((field) => constantStep(field) ?? []),
    ...type.fields.flatMap((field) => memberStep(field, !unrounded.has(type.name)) ?? []),
  ];
  if (steps.length === 0) return undefined;
  return (object: unknown, done?: object) => {
    for (const step of steps) step(object, done);
  };
}

/**
 * Constants in the schema are real defaults when they differ from the zero value, or when the member is a pointer. On
 * members that are always written they only document the zero value.
 */
function constantStep({ name, meta, optional, pointer, nullable }: Field): ApplyAny | undefined {
  const { default: constant } = meta;
  if (constant === undefined || typeof constant === 'object' || !(optional || nullable)) return undefined;
  if (!pointer && !nullable && (constant === '' || constant === 0 || constant === false)) return undefined;
  return (object) => {
    (object as Record<string, unknown>)[name] ??= constant;
  };
}

/** Amounts in groups whose defaulting does not look into them. */
const unrounded: ReadonlySet<string> = new Set(['node/v1.Overhead']);

function memberStep({ name, type, meta }: Field, rounds: boolean): ApplyAny | undefined {
  const apply = rounds && meta.named === 'core/v1.ResourceList' ? roundToMilli as ApplyAny : valueStep(type);
  if (!apply) return undefined;
  return (object, done) => {
    const value = (object as Record<string, unknown>)[name];
    if (value === undefined || value === null || value === (done as Record<string, unknown> | undefined)?.[name]) return;
    apply(value);
  };
}

function valueStep(type: TypeRef): ApplyAny | undefined {
  switch (type.kind) {
    case 'scalar': return undefined;
    case 'struct': return compiledStruct(type.struct) as ApplyAny | undefined;
    case 'list': {
      const apply = valueStep(type.items);
      return apply && ((list) => (list as unknown[]).forEach((item) => apply(item)));
    }
    case 'map': {
      const apply = valueStep(type.values);
      return apply && ((map) => Object.values(map as object).forEach((item) => apply(item)));
    }
  }
}
