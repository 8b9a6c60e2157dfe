/** Adapter for server-side apply and the ownership of fields. */
import { applyPatch } from '../../src/api/apply/apply.ts';
import { updateManagedFields } from '../../src/api/apply/ownership.ts';
import { objectTypeOf } from '../../src/api/apply/type-model.ts';
import { ApiError } from '../../src/api/errors.ts';
import type { ManagedFieldsEntry } from '../../src/schema/meta/v1.ts';
import { parseApiVersion, type KubeObject } from '../../src/schema/objects.ts';
import { typeNamed } from './codec.ts';
import { without, type Adapter, type Vector } from './vector.ts';

interface Step {
  readonly op: string;
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: string;
  readonly object: KubeObject;
  readonly result?: KubeObject;
  readonly managedFields?: unknown[];
  readonly error?: unknown;
}

export const ssa: Adapter = (vector) => {
  const steps = vector['steps'] as Step[];
  let live: KubeObject | undefined;
  const got = steps.map((step) => {
    try {
      live = write(vector, step, live);
      return described(live);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { message, reason, code, details } = error.status;
      return { error: { message, ...(reason && { reason, code }), ...(details?.causes && { causes: details.causes }) } };
    }
  });
  const expected = steps.map(({ error, result, managedFields }) =>
    (error === undefined ? { result, ...(managedFields && { managedFields }) } : { error }));
  return { expected, got };
};

/** Writes the object of one step over the live one. The vectors know no times, and a new object starts from nothing. */
function write(vector: Vector, step: Step, live: KubeObject | undefined): KubeObject {
  const kindName = vector['kind'] as string;
  const slash = kindName.lastIndexOf('/');
  const apiVersion = kindName.slice(0, slash);
  const subresource = step.subresource ?? '';
  const resets = vector['resetFields'] as Record<string, string[]> | undefined;
  const kind = { type: { ...objectTypeOf(typeNamed(kindName)), empty: {} }, apiVersion, subresource, now: 0, resetFields: resets?.[subresource] };
  const { manager, force = false, object } = step;
  if (step.op === 'apply') {
    const gvk = { ...parseApiVersion(apiVersion), kind: kindName.slice(slash + 1) };
    const applied = applyPatch({ ...kind, gvk, live, applied: object, manager, force });
    return withManagedFields(applied.object, applied.managedFields);
  }
  if (step.op !== 'update') throw new Error(`unknown operation ${JSON.stringify(step.op)}`);
  const next = object.metadata.managedFields ? object : withManagedFields(object, live?.metadata.managedFields);
  return withManagedFields(object, updateManagedFields({ ...kind, live, next, manager }));
}

function withManagedFields(object: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): KubeObject {
  const metadata = without(object.metadata, ['managedFields']);
  return { ...object, metadata: managedFields ? { ...metadata, managedFields } : metadata };
}

function described(object: KubeObject) {
  const managedFields = object.metadata.managedFields?.map((entry) => without(entry, ['time']));
  return { result: withManagedFields(object, undefined), ...(managedFields && { managedFields }) };
}
