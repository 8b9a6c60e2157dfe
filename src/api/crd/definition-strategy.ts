/** CustomResourceDefinitions as objects: defaults, status, stored versions and what holds a deleted one back. */
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { quote } from '../../lib/go-format.ts';
import { notEmulated } from '../errors.ts';
import { invalid, type FieldError } from '../field-error.ts';
import { genericStrategy } from '../resources/generic-strategy.ts';
import type { Strategy } from '../strategy.ts';
import { dns1123Subdomain } from '../validation/names.ts';
import { validateGenericObjectMeta, validateGenericObjectMetaUpdate } from '../validation/object-meta.ts';
import { setCondition, isTrue } from './conditions.ts';
import { schemaOfVersion, type Definition } from './custom-resource.ts';
import { validateApproval } from './approval-validation.ts';
import { validateNames, validateSpec, validateSpecUpdate } from './definition-validation.ts';
import { isKnownFormat } from './formats.ts';
import { inner, type Schema } from './schema.ts';

/** Held by every definition that is being deleted, until its resources are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

const asDefinition = (object: KubeObject): Definition => object as Definition;

export function definitionStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts);
  return {
    ...generic,
    applyDefaults: (object) => applyDefaults(asDefinition(object)),
    prepareForCreate: (object) => {
      object.metadata.generation = 1;
      object['status'] = { storedVersions: [] };
      addStoredVersion(asDefinition(object));
    },
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate!(next, old, context);
      addStoredVersion(asDefinition(next));
    },
    validateCreate: (object) => validate(asDefinition(object), undefined),
    validateUpdate: (next, old) => validate(asDefinition(next), asDefinition(old)),
    warningsOnCreate: (object) => formatWarnings(asDefinition(object), undefined),
    warningsOnUpdate: (next, old) => formatWarnings(asDefinition(next), asDefinition(old)),
    heldBack: ({ metadata }) => metadata.deletionTimestamp === undefined || (metadata.finalizers?.includes(cleanupFinalizer) ?? false),
    markTerminating: (object) => {
      const { metadata } = object;
      metadata.finalizers = [...metadata.finalizers ?? [], cleanupFinalizer];
      setCondition(asDefinition(object), {
        type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
      }, metadata.deletionTimestamp!);
    },
    subresources: { status: {
      ...generic.subresources!['status'],
      validateUpdate: (next, old) => {
        const errors: FieldError[] = [];
        validateGenericObjectMetaUpdate(next.metadata, old.metadata, errors);
        validateNames(asDefinition(next).status!.acceptedNames!, 'status.acceptedNames', errors);
        return errors;
      },
    } },
  };
}

function applyDefaults({ spec }: Definition): void {
  const { names } = spec;
  if (!names.singular) names.singular = names.kind.toLowerCase();
  if (!names.listKind && names.kind !== '') names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
}

function addStoredVersion({ spec, status }: Definition): void {
  const stored = spec.versions?.find(({ storage }) => storage)?.name;
  const names = status!.storedVersions ?? [];
  if (stored !== undefined && !names.includes(stored)) status!.storedVersions = [...names, stored];
}

function validate(next: Definition, old: Definition | undefined): FieldError[] {
  const { spec, status } = next;
  if (spec.conversion?.strategy === 'Webhook') throw notEmulated('conversion of custom resources by webhooks');
  const errors: FieldError[] = [];
  if (old) validateGenericObjectMetaUpdate(next.metadata, old.metadata, errors);
  else validateGenericObjectMeta(next.metadata, { namespaced: false, name: nameRule(next), generateName: nameRule(next) }, errors);
  if (old) validateSpecUpdate(spec, old.spec, isTrue(old, 'Established'), errors);
  else validateSpec(spec, errors);
  validateStoredVersions(next, errors);
  if (status?.acceptedNames) validateNames(status.acceptedNames, 'status.acceptedNames', errors);
  validateApproval(next, old, errors);
  if (spec.preserveUnknownFields && !old?.spec.preserveUnknownFields) {
    errors.push(invalid('spec.preserveUnknownFields', true, 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'));
  }
  return errors;
}

const nameRule = ({ spec: { names, group } }: Definition) => (name: string): string[] =>
  [...dns1123Subdomain(name), ...(name === `${names.plural}.${group}` ? [] : ['must be spec.names.plural+"."+spec.group'])];

const path = 'status.storedVersions';

function validateStoredVersions({ spec, status }: Definition, errors: FieldError[]): void {
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) {
    errors.push(invalid(path, stored, 'must have at least one stored version'));
    return;
  }
  const versions = spec.versions ?? [];
  for (const { name, storage } of versions) {
    if (storage && !stored.includes(name)) errors.push(invalid(path, stored, `must have the storage version ${name}`));
  }
  stored.forEach((name, i) => {
    if (versions.some((version) => version.name === name)) return;
    errors.push(invalid(`${path}[${i}]`, name, `missing from spec.versions; ${name} was previously a storage version, and must remain in `
      + `spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`));
  });
}

/** Formats that no value is checked for. */
function formatWarnings(next: Definition, old: Definition | undefined): string[] {
  const before = old ? unknownFormats(old) : [];
  return unknownFormats(next).filter((format) => !before.includes(format)).map((format) => `unrecognized format ${quote(format)}`);
}

function unknownFormats({ spec }: Definition): string[] {
  const found = new Set<string>();
  const visit = (schema: Schema): void => {
    if (schema.format && !isKnownFormat(schema.format)) found.add(schema.format);
    inner(schema).forEach(visit);
  };
  for (const version of spec.versions ?? []) visit(schemaOfVersion(version));
  return [...found].sort();
}
