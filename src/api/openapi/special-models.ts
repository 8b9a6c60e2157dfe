/** Models of types that have an encoding of their own instead of members. */
import type { ScalarKind } from '../../schema/meta.ts';
import type { JsonObject } from '../../lib/json.ts';

export interface SpecialModel {
  readonly name: string;
  readonly v3: JsonObject;
  /** Where OpenAPI v2 says it in another way. */
  readonly v2?: JsonObject;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const dateTime: JsonObject = { type: 'string', format: 'date-time' };

export const specialModels: Readonly<Partial<Record<ScalarKind, SpecialModel>>> = {
  quantity: {
    name: 'io.k8s.apimachinery.pkg.api.resource.Quantity', v3: { oneOf: [{ type: 'string' }, { type: 'number' }] }, v2: { type: 'string' },
  },
  intOrString: {
    name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    v3: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' }, v2: { type: 'string', format: 'int-or-string' },
  },
  time: { name: `${meta}.Time`, v3: dateTime },
  microTime: { name: `${meta}.MicroTime`, v3: dateTime },
  fieldsV1: { name: `${meta}.FieldsV1`, v3: { type: 'object' } },
  raw: { name: 'io.k8s.apimachinery.pkg.runtime.RawExtension', v3: { type: 'object' } },
  json: { name: `${apiextensions}.JSON`, v3: {} },
  schemaOrArray: { name: `${apiextensions}.JSONSchemaPropsOrArray`, v3: {} },
  schemaOrBool: { name: `${apiextensions}.JSONSchemaPropsOrBool`, v3: {} },
  schemaOrStringArray: { name: `${apiextensions}.JSONSchemaPropsOrStringArray`, v3: {} },
};

/** The body of a patch: an object of whatever shape. */
export const patchModel: SpecialModel = { name: `${meta}.Patch`, v3: { type: 'object' } };
