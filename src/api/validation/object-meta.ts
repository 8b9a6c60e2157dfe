/**
 * Rules of `metadata`, shared by all kinds: apimachinery/pkg/api/validation/objectmeta.go and the finalizer rule that
 * built-in kinds add to it (pkg/apis/core/validation). What fills metadata (uid, generated names, times) is not here.
 */
import { parseApiVersion } from '../../schema/objects.ts';
import { ObjectMeta, type ManagedFieldsEntry, type OwnerReference } from '../../schema/meta/v1.ts';
import { structType } from '../../schema/struct-type.ts';
import { asSent } from '../codec/emptied.ts';
import { forbidden, invalid, required, tooLong, type FieldError } from '../field-error.ts';
import { quote } from '../../lib/go-format.ts';
import { validateLabels } from './labels.ts';
import { dns1123Label, pathSegmentName, pathSegmentNamePrefix, qualifiedName } from './names.ts';
import { bytesOf, invalidForEach, keysOf, validateImmutable, validateNonNegative } from './rules.ts';

const annotationBytesMax = 256 * 1024;
const fieldManagerBytesMax = 128;
const subresourceBytesMax = 256;
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Answers the texts of the causes. */
export type NameRule = (name: string) => string[];

export interface ObjectMetaRules {
  readonly namespaced: boolean;
  readonly name: NameRule;
  /** The rule of a name that gets a suffix: a trailing dash is fine. */
  readonly generateName: NameRule;
}

/** Rules of a built-in kind's metadata, on create and within every full validation. */
export function validateObjectMeta(meta: ObjectMeta, rules: ObjectMetaRules, errors: FieldError[]): void {
  validateGenericObjectMeta(meta, rules, errors);
  validateStandardFinalizers(meta.finalizers, errors);
}

/** Rules of a built-in kind's update. The full validation of the new object comes in addition. */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, errors: FieldError[]): void {
  validateGenericObjectMetaUpdate(meta, old, errors);
  validateStandardFinalizers(meta.finalizers, errors);
}

/**
 * What the generic update checks before the kind's own rules, which repeat most of it: upstream answers metadata errors
 * twice and more (apiserver/pkg/registry/rest/update.go, validateCommonFields).
 */
export function validateCommonFields(meta: ObjectMeta, old: ObjectMeta, namespaced: boolean, errors: FieldError[]): void {
  validateGenericObjectMeta(meta, { namespaced, name: pathSegmentName, generateName: pathSegmentNamePrefix }, errors);
  validateGenericObjectMetaUpdate(meta, old, errors);
}

/** Rules without those that only built-in kinds have (custom resources). */
export function validateGenericObjectMeta(meta: ObjectMeta, rules: ObjectMetaRules, errors: FieldError[]): void {
  if (meta.generateName) invalidForEach(rules.generateName(meta.generateName), meta.generateName, 'metadata.generateName', errors);
  if (meta.name) invalidForEach(rules.name(meta.name), meta.name, 'metadata.name', errors);
  else errors.push(required('metadata.name', 'name or generateName is required'));
  if (rules.namespaced) {
    if (meta.namespace) invalidForEach(dns1123Label(meta.namespace), meta.namespace, 'metadata.namespace', errors);
    else errors.push(required('metadata.namespace'));
  } else if (meta.namespace) {
    errors.push(forbidden('metadata.namespace', 'not allowed on this type'));
  }
  validateNonNegative(meta.generation, 'metadata.generation', errors);
  validateLabels(meta.labels, 'metadata.labels', errors);
  validateAnnotations(meta.annotations, 'metadata.annotations', errors);
  validateOwnerReferences(meta.ownerReferences, errors);
  validateFinalizers(meta.finalizers, errors);
  validateManagedFields(meta.managedFields, errors);
}

/** Update rules without those that only built-in kinds have. */
export function validateGenericObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, errors: FieldError[]): void {
  if (old.deletionTimestamp !== undefined) validateNoNewFinalizers(meta.finalizers, old.finalizers, errors);
  if (!meta.resourceVersion) errors.push(invalid('metadata.resourceVersion', '', 'must be specified for an update'));
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid('metadata.generation', meta.generation ?? 0, 'must not be decremented'));
  }
  for (const member of ['name', 'namespace', 'uid'] as const) {
    validateImmutable(meta[member] ?? '', old[member] ?? '', `metadata.${member}`, errors);
  }
  for (const member of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    validateImmutable(meta[member], old[member], `metadata.${member}`, errors);
  }
  validateLabels(meta.labels, 'metadata.labels', errors);
  validateAnnotations(meta.annotations, 'metadata.annotations', errors);
  validateOwnerReferences(meta.ownerReferences, errors);
  validateManagedFields(meta.managedFields, errors);
}

export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: string, errors: FieldError[]): void {
  for (const name of keysOf(annotations)) invalidForEach(qualifiedName(name.toLowerCase()), name, path, errors);
  if (bytesOf(annotations) > annotationBytesMax) errors.push(tooLong(path, annotationBytesMax));
}

/** The metadata of what will be made from a template: labels and annotations alone. */
export function validateTemplateMeta(meta: ObjectMeta, path: string, errors: FieldError[]): void {
  validateAnnotations(meta.annotations, `${path}.annotations`, errors);
  validateLabels(meta.labels, `${path}.labels`, errors);
  for (const { name, goName } of structType(ObjectMeta).fields) {
    if (name !== 'labels' && name !== 'annotations' && asSent(meta, name as keyof ObjectMeta) !== null) {
      errors.push(forbidden(`${path}.${goName.charAt(0).toLowerCase()}${goName.slice(1)}`, 'cannot be set'));
    }
  }
}

/** A finalizer of metadata or of a namespace's spec. */
export function validateFinalizerName(name: string, path: string, errors: FieldError[]): void {
  invalidForEach(qualifiedName(name), name, path, errors);
}

/** Built-in kinds: a finalizer without a domain must be a known one. */
export function validateStandardFinalizerName(name: string, path: string, errors: FieldError[]): void {
  if (!name.includes('/') && !standardFinalizers.has(name)) {
    errors.push(invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified'));
  }
}

function validateStandardFinalizers(finalizers: readonly string[] | undefined, errors: FieldError[]): void {
  finalizers?.forEach((name, i) => validateStandardFinalizerName(name, `metadata.finalizers[${i}]`, errors));
}

function validateFinalizers(finalizers: readonly string[] | undefined, errors: FieldError[]): void {
  for (const name of finalizers ?? []) validateFinalizerName(name, 'metadata.finalizers', errors);
  if (finalizers?.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

function validateNoNewFinalizers(finalizers: readonly string[] = [], old: readonly string[] = [], errors: FieldError[]): void {
  const added = [...new Set(finalizers)].filter((name) => !old.includes(name)).sort();
  if (added.length === 0) return;
  const printed = `[]string{${added.map(quote).join(', ')}}`;
  errors.push(forbidden('metadata.finalizers',
    `no new finalizers can be added if the object is being deleted, found new finalizers ${printed}`));
}

function validateOwnerReferences(references: readonly OwnerReference[] | undefined, errors: FieldError[]): void {
  const path = 'metadata.ownerReferences';
  let controller: string | undefined;
  for (const reference of references ?? []) {
    validateOwnerReference(reference, path, errors);
    if (!reference.controller) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === undefined) controller = name;
    else {
      errors.push(invalid(path, references,
        `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`));
    }
  }
}

function validateOwnerReference(reference: OwnerReference, path: string, errors: FieldError[]): void {
  const { group, version } = parseApiVersion(reference.apiVersion);
  if (version === '' || version.includes('/')) errors.push(invalid(`${path}.apiVersion`, reference.apiVersion, 'version must not be empty'));
  for (const member of ['kind', 'name', 'uid'] as const) {
    if (!reference[member]) errors.push(invalid(`${path}.${member}`, '', 'must not be empty'));
  }
  if (group === '' && version === 'v1' && reference.kind === 'Event') {
    errors.push(invalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'));
  }
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[] | undefined, errors: FieldError[]): void {
  entries?.forEach((entry, i) => {
    const path = `metadata.managedFields[${i}]`;
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      errors.push(invalid(`${path}.operation`, entry.operation ?? '', 'must be `Apply` or `Update`'));
    }
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') {
      errors.push(invalid(`${path}.fieldsType`, entry.fieldsType, 'must be `FieldsV1`'));
    }
    validateFieldManager(entry.manager ?? '', `${path}.manager`, errors);
    if (Buffer.byteLength(entry.subresource ?? '') > subresourceBytesMax) {
      errors.push(tooLong(`${path}.subresource`, subresourceBytesMax));
    }
  });
}

/** The name of a field manager, in managedFields and in the option `fieldManager`. */
export function validateFieldManager(name: string, path: string, errors: FieldError[]): void {
  if (Buffer.byteLength(name) > fieldManagerBytesMax) errors.push(tooLong(path, fieldManagerBytesMax));
  if (/^[\w.:-]*$/.test(name)) return;
  let position = 0;
  for (const char of name) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(char)) {
      errors.push(invalid(path, name, `invalid character ${goCodePoint(char)} (at position ${position})`));
    }
    position += Buffer.byteLength(char);
  }
}

/** Go's `%#U`: the character itself follows when it can be printed, which these cannot. */
const goCodePoint = (char: string): string => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
