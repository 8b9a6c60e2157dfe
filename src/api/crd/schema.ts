/** The structural schemas of CustomResourceDefinitions, typed as far as the server looks into them. */
import { equal, isObject } from '../../lib/json.ts';

/** `openAPIV3Schema` and every schema inside it. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** A CEL rule. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The declared schema of a member, never one inherited from Object. */
export function property(schema: Schema | undefined, name: string): Schema | undefined {
  return schema?.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
}

/** The schema of members that are not declared, when it is more than a yes or no. */
export function additional(schema: Schema | undefined): Schema | undefined {
  const { additionalProperties } = schema ?? {};
  return isObject(additionalProperties) ? additionalProperties : undefined;
}

/** The schema of every item; a list of schemas is not structural. */
export function itemSchema(schema: Schema | undefined): Schema | undefined {
  const { items } = schema ?? {};
  return isObject(items) ? items : undefined;
}

/** Every declared member and its schema, by name. */
export function properties(schema: Schema): [name: string, schema: Schema][] {
  return Object.keys(schema.properties ?? {}).sort().map((name) => [name, schema.properties![name]!]);
}

/** The schemas directly inside one, whatever they are there for. */
export function inner(schema: Schema): Schema[] {
  const items = schema.items === undefined ? [] : Array.isArray(schema.items) ? schema.items as Schema[] : [schema.items as Schema];
  const below = additional(schema);
  return [
    ...items, ...(below ? [below] : []), ...Object.values(schema.properties ?? {}),
    ...schema.allOf ?? [], ...schema.anyOf ?? [], ...schema.oneOf ?? [], ...(schema.not ? [schema.not] : []),
  ];
}

/** Does any schema in this one, itself included, satisfy `test`? */
export function someSchema(schema: Schema, test: (schema: Schema) => boolean): boolean {
  return test(schema) || inner(schema).some((one) => someSchema(one, test));
}

/** The item of an old list that `item` replaces; only lists that are maps tell. */
export function oldItem(schema: Schema, item: unknown, old: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old) || !isObject(item)) return undefined;
  return old.find((one) => isObject(one) && keys.every((key) => equal(one[key], item[key])));
}
