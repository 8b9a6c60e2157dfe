/**
 * Custom resources: what the registry serves for a CustomResourceDefinition. Each served version is a resource of its own;
 * all share one place in the store, and the conversion strategy None only rewrites the apiVersion between them. Webhook
 * conversion is not emulated.
 */
import { copy } from '../../lib/json.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../../schema/apiextensions/v1.ts';
import { ObjectMeta } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts, SubresourceFacts } from '../../schema/resource-facts.ts';
import { structType } from '../../schema/struct-type.ts';
import { customResourceType } from '../apply/json-schema-model.ts';
import { decodeObject } from '../codec/codec.ts';
import { resourceName, type Conversion, type ResourceDef } from '../registry.ts';
import { customResourceStrategy } from './custom-resource-strategy.ts';
import { applySchemaDefaults } from './defaulting.ts';
import { pruneResource } from './pruning.ts';
import type { Schema } from './schema.ts';

export type Definition = CustomResourceDefinition & KubeObject;

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const subresourceVerbs = ['get', 'patch', 'update'];

/** The resources of all served versions. */
export function customResources(definition: Definition): ResourceDef[] {
  const served = (definition.spec.versions ?? []).filter((version) => version.served);
  const stored = storedVersion(definition, served);
  return served.map((version) => customResource(definition, version, stored!));
}

export const schemaOfVersion = (version: CustomResourceDefinitionVersion): Schema => (version.schema?.openAPIV3Schema ?? {}) as Schema;

/**
 * The version in which objects lie in the store. It stays the oldest that is still served, so that a new storage version
 * leaves them alone; which version it is shows nowhere.
 */
function storedVersion({ status }: Definition, served: readonly CustomResourceDefinitionVersion[]): string | undefined {
  const names = served.map(({ name }) => name);
  return status?.storedVersions?.find((name) => names.includes(name)) ?? names[0];
}

function customResource(definition: Definition, version: CustomResourceDefinitionVersion, stored: string): ResourceDef {
  const { group, names, scope } = definition.spec;
  const resource = names.plural;
  const schema = schemaOfVersion(version);
  const namespaced = scope === 'Namespaced';
  const facts = factsOf(definition, version, schema);
  const scale = version.subresources?.scale;
  return {
    group, version: version.name, apiVersion: `${group}/${version.name}`, kind: names.kind, resource, namespaced, facts,
    type: undefined,
    applyType: customResourceType(schema as Record<string, unknown>),
    strategy: customResourceStrategy({
      kind: names.kind, apiVersion: `${group}/${version.name}`, storedApiVersion: `${group}/${stored}`, namespaced, schema, hasStatus: version.subresources?.status !== undefined, scale,
      selectable: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
    }),
    name: resourceName(group, resource),
    prefix: `/${resourceName(group, resource)}/`,
    conversion: version.name === stored ? undefined : conversion(definition, version, stored),
    subresources: new Map((facts.subresources ?? []).map((subresource) => [subresource.name, subresource])),
    groupResource: { group, resource },
    printerColumns: version.additionalPrinterColumns ?? [],
    schema,
    scale,
    deprecation: deprecation(definition, version),
    prune: (object, name) => prune(object, (definition.spec.versions ?? []).find((one) => one.name === name)),
  };
}

function factsOf({ spec: { group, names, scope } }: Definition, version: CustomResourceDefinitionVersion, schema: Schema): ResourceFacts {
  const status: SubresourceFacts = { name: 'status', group, version: version.name, kind: names.kind, verbs: subresourceVerbs };
  const scale: SubresourceFacts = { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: subresourceVerbs };
  const hasStatus = version.subresources?.status !== undefined;
  const others = Object.keys(schema.properties ?? {}).filter((name) => name !== 'status' && name !== 'metadata');
  return {
    resource: names.plural, kind: names.kind, singular: names.singular ?? '', namespaced: scope === 'Namespaced', verbs,
    ...(names.shortNames ? { shortNames: names.shortNames } : {}), ...(names.categories ? { categories: names.categories } : {}),
    subresources: [...(hasStatus ? [status] : []), ...(version.subresources?.scale ? [scale] : [])],
    fieldSelectors: ['metadata.name', 'metadata.namespace', ...(version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, ''))],
    fieldSelectorError: 'field label not supported: <label>',
    createOnUpdate: false, unconditionalUpdate: false,
    ...(hasStatus ? { resetFields: { '': ['.status'], status: ['.metadata', '.spec', ...others.map((name) => `.${name}`)] } } : {}),
  };
}

/** Strategy None (apiextensions' conversion/nop_converter.go), and what reading by the version's schema does. */
function conversion({ spec: { group, names } }: Definition, version: CustomResourceDefinitionVersion, stored: string): Conversion {
  const schema = schemaOfVersion(version);
  return {
    storageVersion: { group, version: stored, resource: names.plural },
    // Another version than that of the request is kept, to be refused.
    toStorage: (object) => (object.apiVersion === `${group}/${version.name}` ? { ...object, apiVersion: `${group}/${stored}` } : object),
    fromStorage: (object) => {
      const converted: KubeObject = { ...copy(object), apiVersion: `${group}/${version.name}` };
      pruneResource(converted, schema);
      applySchemaDefaults(converted, schema);
      return converted;
    },
  };
}

/** Drops unknown members in place, those of metadata first; answers their paths. Throws DecodeError for malformed metadata. */
function prune(object: Record<string, unknown>, version: CustomResourceDefinitionVersion | undefined): string[] {
  const unknown: string[] = [];
  if (object['metadata'] !== undefined && object['metadata'] !== null) {
    const { object: metadata, strictErrors } = decodeObject(structType(ObjectMeta), object['metadata'], true);
    object['metadata'] = metadata;
    unknown.push(...strictErrors.map((text) => text.replace(/^unknown field "(.*)"$/, 'metadata.$1')));
  }
  return [...unknown, ...pruneResource(object, version && schemaOfVersion(version))];
}

function deprecation({ spec: { group, names } }: Definition, version: CustomResourceDefinitionVersion): string | undefined {
  return version.deprecated ? version.deprecationWarning ?? `${group}/${version.name} ${names.kind} is deprecated` : undefined;
}
