/** Models of types that have an encoding of their own instead of members. */
import type { ScalarKind } from '../../schema/meta.ts';
import type { JsonObject } from '../../lib/json.ts';

export interface SpecialModel {
  readonly name: string;
  readonly text: string;
  readonly v3: JsonObject;
  /** Where OpenAPI v2 says it in another way. */
  readonly v2?: JsonObject;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const dateTime: JsonObject = { type: 'string', format: 'date-time' };

export const specialModels: Readonly<Partial<Record<ScalarKind, SpecialModel>>> = {
  quantity: {
    name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
    text: 'An amount with an optional unit, for example 500m, 2 or 128Mi.',
    v3: { oneOf: [{ type: 'string' }, { type: 'number' }] }, v2: { type: 'string' },
  },
  intOrString: {
    name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    text: 'A number, or a string such as a name or a percentage.',
    v3: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' }, v2: { type: 'string', format: 'int-or-string' },
  },
  time: { name: `${meta}.Time`, text: 'A time in RFC 3339, to the second.', v3: dateTime },
  microTime: { name: `${meta}.MicroTime`, text: 'A time in RFC 3339, to the microsecond.', v3: dateTime },
  fieldsV1: { name: `${meta}.FieldsV1`, text: 'A set of fields, as a tree of their names.', v3: { type: 'object' } },
  raw: { name: 'io.k8s.apimachinery.pkg.runtime.RawExtension', text: 'An object of any kind.', v3: { type: 'object' } },
  json: { name: `${apiextensions}.JSON`, text: 'Any value of JSON.', v3: {} },
  schemaOrArray: { name: `${apiextensions}.JSONSchemaPropsOrArray`, text: 'A schema, or an array of schemas.', v3: {} },
  schemaOrBool: { name: `${apiextensions}.JSONSchemaPropsOrBool`, text: 'A schema, or whether anything is allowed.', v3: {} },
  schemaOrStringArray: { name: `${apiextensions}.JSONSchemaPropsOrStringArray`, text: 'A schema, or an array of names.', v3: {} },
};

/** The body of a patch: an object of whatever shape. */
export const patchModel: SpecialModel = { name: `${meta}.Patch`, text: 'A change of an object, in the form that the content type names.', v3: { type: 'object' } };
