/** Validation of a CustomResourceDefinition's spec (apiextensions' pkg/apis/apiextensions/validation/validation.go). */
import type {
  CustomResourceColumnDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionSpec, CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from '../../schema/apiextensions/v1.ts';
import { CustomResourceDefinitionVersion as VersionType } from '../../schema/apiextensions/v1.ts';
import { equal } from '../../lib/json.ts';
import { duplicate, invalid, notSupported, required, tooMany, type FieldError } from '../field-error.ts';
import { internalForm } from '../validation/internal-form.ts';
import { dns1035Label, dns1123Subdomain } from '../validation/names.ts';
import { additional, property, someSchema, type Schema } from './schema.ts';
import { validateSchema } from './definition-schema-validation.ts';

/** Members that upstream keeps once for all versions when they agree, and names accordingly. */
const shared = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;
type Shared = (typeof shared)[number];

export function validateSpec(spec: CustomResourceDefinitionSpec, errors: FieldError[]): void {
  const versions = spec.versions ?? [];
  validateGroup(spec.group, errors);
  if (spec.scope === '') errors.push(required('spec.scope'));
  else if (spec.scope !== 'Cluster' && spec.scope !== 'Namespaced') errors.push(notSupported('spec.scope', spec.scope, ['Cluster', 'Namespaced']));
  versions.forEach((version, i) => {
    if (!version.schema?.openAPIV3Schema) errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`));
  });
  if (spec.preserveUnknownFields && versions.some((version) => hasDefaults(version))) {
    errors.push(invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema'));
  }
  const same = new Set<Shared>(shared.filter((member) => versions.every((version) => equal(version[member], versions[0]?.[member]))));
  versions.forEach((version, i) => validateVersion(version, same, `spec.versions[${i}]`, errors));
  validateVersionSet(versions, same, errors);
  const { names } = spec;
  for (const member of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if (!names[member]) errors.push(required(`spec.names.${member}`));
  }
  validateNames(names, 'spec.names', errors);
  const [first] = versions;
  if (first) validateShared(first, (member) => same.has(member), 'spec', errors);
  const strategy = spec.conversion?.strategy ?? 'None';
  if (strategy === '') errors.push(required('spec.conversion.strategy'));
  else if (strategy !== 'None') errors.push(notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook']));
}

/** `established`: scope and kind can no longer change. */
export function validateSpecUpdate(
  spec: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec, established: boolean, errors: FieldError[],
): void {
  validateSpec(spec, errors);
  const immutable = (field: string, value: unknown, was: unknown): void => {
    if (value !== was) errors.push(invalid(field, value, 'field is immutable'));
  };
  if (established) {
    immutable('spec.scope', spec.scope, old.scope);
    immutable('spec.names.kind', spec.names.kind, old.names.kind);
  }
  immutable('spec.group', spec.group, old.group);
  immutable('spec.names.plural', spec.names.plural, old.names.plural);
}

const hasDefaults = (version: CustomResourceDefinitionVersion): boolean =>
  someSchema((version.schema?.openAPIV3Schema ?? {}) as Schema, (schema) => schema.default !== undefined);

function validateGroup(group: string, errors: FieldError[]): void {
  const wrong = dns1123Subdomain(group);
  if (group === '') errors.push(required('spec.group'));
  else if (wrong.length > 0) errors.push(invalid('spec.group', group, wrong.join(',')));
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
}

function validateVersion(version: CustomResourceDefinitionVersion, same: ReadonlySet<Shared>, path: string, errors: FieldError[]): void {
  const wrong = dns1035Label(version.name);
  if (wrong.length > 0) errors.push(invalid(`${path}.name`, version.name, wrong.join(',')));
  const { deprecated, deprecationWarning } = version;
  if (deprecationWarning !== undefined) {
    const refuse = (text: string) => errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, text));
    if (!deprecated) refuse('can only be set for deprecated versions');
    else if (deprecationWarning === '') refuse('must not be an empty string');
    else if (Buffer.byteLength(deprecationWarning) > 256) refuse('must be <= 256 characters long');
  }
  validateShared(version, (member) => !same.has(member), path, errors);
}

/** The members that may be kept once: those that `here` tells, below `path`. */
function validateShared(version: CustomResourceDefinitionVersion, here: (member: Shared) => boolean, path: string, errors: FieldError[]): void {
  const schema = version.schema?.openAPIV3Schema as Schema | undefined;
  if (schema && here('schema')) {
    const at = path === 'spec' ? `${path}.validation.openAPIV3Schema` : `${path}.schema.openAPIV3Schema`;
    validateSchema(schema, at, version.subresources?.status !== undefined, errors);
  }
  if (here('subresources')) validateSubresources(version.subresources, `${path}.subresources`, errors);
  if (here('additionalPrinterColumns')) {
    version.additionalPrinterColumns?.forEach((column, i) => validateColumn(column, `${path}.additionalPrinterColumns[${i}]`, errors));
  }
  if (here('selectableFields')) validateSelectable(version, schema, `${path}.selectableFields`, errors);
}

function validateVersionSet(versions: readonly CustomResourceDefinitionVersion[], same: ReadonlySet<Shared>, errors: FieldError[]): void {
  const names = new Set(versions.map(({ name }) => name));
  const refuse = (text: string): void => {
    const printed = versions.map((version) =>
      internalForm(VersionType, Object.fromEntries(Object.entries(version).filter(([member]) => !same.has(member as Shared)))));
    errors.push(invalid('spec.versions', versions.length === 0 ? null : printed, text));
  };
  if (names.size < versions.length) refuse('must contain unique version names');
  if (versions.filter(({ storage }) => storage).length !== 1) refuse('must have exactly one version marked as storage version');
}

export function validateNames(names: CustomResourceDefinitionNames, path: string, errors: FieldError[]): void {
  const label = (field: string, value: string | undefined): void => {
    const wrong = value ? dns1035Label(value) : [];
    if (wrong.length > 0) errors.push(invalid(`${path}.${field}`, value, wrong.join(',')));
  };
  const mixedCase = (field: string, value: string | undefined): void => {
    const wrong = value ? dns1035Label(value.toLowerCase()) : [];
    if (wrong.length > 0) errors.push(invalid(`${path}.${field}`, value, `may have mixed case, but should otherwise match: ${wrong.join(',')}`));
  };
  label('plural', names.plural);
  label('singular', names.singular);
  mixedCase('kind', names.kind);
  mixedCase('listKind', names.listKind);
  names.shortNames?.forEach((name, i) => label(`shortNames[${i}]`, name));
  if (names.kind && names.kind === names.listKind) errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  names.categories?.forEach((name, i) => label(`categories[${i}]`, name));
}

function validateSubresources(subresources: CustomResourceSubresources | undefined, path: string, errors: FieldError[]): void {
  const scale = subresources?.scale;
  if (!scale) return;
  const check = (member: 'specReplicasPath' | 'statusReplicasPath' | 'labelSelectorPath', roots: readonly string[], where: string): void => {
    const value = scale[member];
    const field = `${path}.scale.${member}`;
    if (!value) {
      if (member !== 'labelSelectorPath') errors.push(required(field));
    } else if (!value.startsWith('.')) errors.push(invalid(field, value, 'must be a simple json path starting with .'));
    else if (!roots.some((root) => value.startsWith(root))) errors.push(invalid(field, value, `should be a json path under ${where}`));
  };
  check('specReplicasPath', ['.spec.'], '.spec');
  check('statusReplicasPath', ['.status.'], '.status');
  check('labelSelectorPath', ['.spec.', '.status.'], 'either .spec or .status');
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['binary', 'bool', 'byte', 'date', 'datetime', 'date-time', 'double', 'float', 'int32', 'int64', 'password'].sort();

function validateColumn({ name, type, format, jsonPath }: CustomResourceColumnDefinition, path: string, errors: FieldError[]): void {
  if (name === '') errors.push(required(`${path}.name`));
  const types = `must be one of ${columnTypes.join(',')}`;
  if (type === '') errors.push(required(`${path}.type`, types));
  else if (!columnTypes.includes(type)) errors.push(invalid(`${path}.type`, type, types));
  if (format && !columnFormats.includes(format)) errors.push(invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`));
  if (jsonPath === '') errors.push(required(`${path}.JSONPath`));
  else if (!jsonPath.startsWith('.')) errors.push(invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
}

const selectableMax = 8;
const selectableTypes: ReadonlySet<string | undefined> = new Set(['string', 'boolean', 'integer']);

function validateSelectable(version: CustomResourceDefinitionVersion, schema: Schema | undefined, path: string, errors: FieldError[]): void {
  const seen = new Set<string>();
  (version.selectableFields ?? []).forEach(({ jsonPath }, i) => {
    const field = `${path}[${i}].jsonPath`;
    if (jsonPath === '') {
      errors.push(required(field));
      return;
    }
    const found = schemaAt(schema, jsonPath);
    if (typeof found === 'string') {
      errors.push(invalid(field, jsonPath, `is an invalid path: ${found}`));
      return;
    }
    if (jsonPath.startsWith('.metadata')) errors.push(invalid(field, jsonPath, 'must not point to fields in metadata'));
    if (!selectableTypes.has(found.type)) {
      errors.push(invalid(field, jsonPath, 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'));
    }
    if (seen.has(jsonPath)) errors.push(duplicate(field, jsonPath));
    seen.add(jsonPath);
  });
  if (seen.size > selectableMax) errors.push(tooMany(path, seen.size, selectableMax));
}

/** The schema that a path leads to, or why it leads nowhere. */
function schemaAt(schema: Schema | undefined, path: string): Schema | string {
  let at = schema;
  for (const name of path.split('.').slice(1)) {
    at = property(at, name) ?? additional(at);
    if (!at) return 'does not refer to a valid field';
  }
  return at ?? {};
}
