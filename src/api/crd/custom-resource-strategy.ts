/** Rules of custom resources of one version (apiextensions' registry/customresource). */
import { copy, equal, isObject } from '../../lib/json.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { parseJsonPath } from '../../lib/json-path.ts';
import { quote } from '../../lib/go-format.ts';
import { invalid, type FieldError } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import { nameIsDNSSubdomain, nameIsDNSSubdomainPrefix, qualifiedName } from '../validation/names.ts';
import { validateGenericObjectMeta, validateGenericObjectMetaUpdate } from '../validation/object-meta.ts';
import { checkRules, hasRules } from '../cel/rules.ts';
import { applySchemaDefaults } from './defaulting.ts';
import { validateListTypes } from './list-types.ts';
import { memberAt, stepsOf, type ScalePaths } from './scale-paths.ts';
import { property, type Schema } from './schema.ts';
import { rulesNotChecked, validateValue } from './schema-validation.ts';

/** What one version of a CustomResourceDefinition says of its resources. */
export interface CustomResourceRules {
  readonly kind: string;
  readonly apiVersion: string;
  /** The version that `apiVersion` is converted to before a write is judged. */
  readonly storedApiVersion: string;
  readonly namespaced: boolean;
  readonly schema: Schema;
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  /** JSON paths of field selectors: `.spec.color`. */
  readonly selectable: readonly string[];
}

export function customResourceStrategy(rules: CustomResourceRules): Strategy {
  const { schema, hasStatus } = rules;
  const selectable = rules.selectable.map((path) => ({ name: path.replace(/^\./, ''), find: parseJsonPath(path) }));
  return {
    applyDefaults: (object) => applySchemaDefaults(object, schema),
    prepareForCreate: (object) => {
      if (hasStatus) delete object['status'];
      object.metadata.generation = 1;
    },
    prepareForUpdate: (next, old) => {
      if (hasStatus) keepMember(next, old, 'status');
      if (!equal({ ...next, metadata: {} }, { ...old, metadata: {} })) next.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validateCreate: (object) => validate(rules, object, undefined),
    validateUpdate: (next, old) => validate(rules, next, old),
    warningsOnCreate: (object) => finalizerWarnings(object.metadata, {}),
    warningsOnUpdate: (next, old) => [...ruleWarnings(schema, next, old), ...finalizerWarnings(next.metadata, old.metadata)],
    selectableFields: (object) => Object.fromEntries(selectable.map(({ name, find }) => [name, fieldText(find(object)[0])])),
    ...(hasStatus ? { subresources: { status: statusStrategy(rules) } } : {}),
  };
}

function statusStrategy(rules: CustomResourceRules): NonNullable<Strategy['subresources']>[string] {
  return {
    prepareForUpdate: (next, old) => {
      for (const name of new Set([...Object.keys(next), ...Object.keys(old)])) {
        if (name !== 'status' && name !== 'metadata') keepMember(next, old, name);
      }
      const { managedFields, resourceVersion, uid } = next.metadata;
      next.metadata = { ...copy(old.metadata), ...defined({ managedFields, resourceVersion, uid }) };
      if (managedFields === undefined) delete next.metadata.managedFields;
    },
    validateUpdate: (next, old) => validateStatus(rules, next, old),
  };
}

const defined = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;

function keepMember(next: KubeObject, old: KubeObject, name: string): void {
  if (Object.hasOwn(old, name)) next[name] = copy(old[name]);
  else delete next[name];
}

function validate(rules: CustomResourceRules, object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const wrongKind = kindErrors(rules, object);
  if (wrongKind.length > 0) return wrongKind;
  const errors: FieldError[] = [];
  if (old) validateGenericObjectMetaUpdate(object.metadata, old.metadata, errors);
  else {
    const names = { name: nameIsDNSSubdomain, generateName: nameIsDNSSubdomainPrefix };
    validateGenericObjectMeta(object.metadata, { namespaced: rules.namespaced, ...names }, errors);
  }
  errors.push(...validateValue(rules.schema, object, '', old), ...specScaleErrors(rules, object), ...statusScaleErrors(rules, object));
  return withListsAndRules(rules, errors, object, old);
}

function validateStatus(rules: CustomResourceRules, object: KubeObject, old: KubeObject): FieldError[] {
  const errors = kindErrors(rules, object);
  if (errors.length > 0) return errors;
  validateGenericObjectMetaUpdate(object.metadata, old.metadata, errors);
  const schema = property(rules.schema, 'status');
  if (schema && Object.hasOwn(object, 'status')) errors.push(...validateValue(schema, object['status'], 'status', old['status']));
  errors.push(...statusScaleErrors(rules, object));
  return withListsAndRules(rules, errors, object, old);
}

/** Appends what is wrong with sets and maps, and with the CEL rules once everything else that matters is right. */
function withListsAndRules({ schema }: CustomResourceRules, errors: FieldError[], object: KubeObject, old: KubeObject | undefined): FieldError[] {
  if (!old || validateListTypes(schema, old).length === 0) errors.push(...validateListTypes(schema, object));
  if (!hasRules(schema)) return errors;
  const skipped = rulesNotChecked(errors);
  return [...errors, ...(skipped ? [skipped] : checkRules(schema, object, old).errors)];
}

/** Rules that were broken before, in parts that did not change. */
function ruleWarnings(schema: Schema, object: KubeObject, old: KubeObject): string[] {
  return hasRules(schema) ? checkRules(schema, object, old).warnings.map(({ field, body }) => `${field}: ${body}`) : [];
}

function kindErrors({ kind, apiVersion, storedApiVersion }: CustomResourceRules, object: KubeObject): FieldError[] {
  return [
    ...(object.kind === kind ? [] : [invalid('kind', object.kind ?? '', `must be ${kind}`)]),
    ...(object.apiVersion === storedApiVersion ? [] : [invalid('apiVersion', object.apiVersion ?? '', `must be ${apiVersion}`)]),
  ];
}

const replicasMax = 2 ** 31 - 1;

function replicasErrors(object: KubeObject, path: string): FieldError[] {
  const value = memberAt(object, stepsOf(path));
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return [invalid(path, 0, `${path} accessor error: ${String(value)} is of the type ${goTypeOf(value)}, expected int64`)];
  }
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')];
  return value > replicasMax ? [invalid(path, value, `should be less than or equal to ${replicasMax}`)] : [];
}

const goTypeOf = (value: unknown): string =>
  (typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : isObject(value) ? 'map[string]interface {}' : typeof value);

function specScaleErrors({ scale }: CustomResourceRules, object: KubeObject): FieldError[] {
  return scale ? replicasErrors(object, scale.specReplicasPath) : [];
}

function statusScaleErrors({ scale }: CustomResourceRules, object: KubeObject): FieldError[] {
  return scale ? replicasErrors(object, scale.statusReplicasPath) : [];
}

function fieldText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

const standardFinalizers: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** Finalizers that should name their domain (customresource/validator.go validateKubeFinalizerName). */
function finalizerWarnings(metadata: ObjectMeta, old: ObjectMeta): string[] {
  const added = [...new Set(metadata.finalizers ?? [])].filter((name) => !old.finalizers?.includes(name)).sort();
  return added.flatMap((name) => {
    const texts = qualifiedName(name).map((text) => `metadata.finalizers: ${quote(name)}: ${text}`);
    if (name.includes('/') || standardFinalizers.has(name)) return texts;
    const better = name.includes('.') ? 'finalizer name including a path (/)' : 'finalizer name';
    return [...texts, `metadata.finalizers: ${quote(name)}: prefer a domain-qualified ${better} to avoid accidental conflicts with other finalizer writers`];
  });
}
