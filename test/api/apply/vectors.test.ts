import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applyPatch } from '../../../src/api/apply/apply.ts';
import { updateManagedFields } from '../../../src/api/apply/ownership.ts';
import { objectTypeOf } from '../../../src/api/apply/type-model.ts';
import { ApiError } from '../../../src/api/errors.ts';
import { deepFreeze } from '../../../src/lib/json.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import { parseApiVersion, type KubeObject } from '../../../src/schema/objects.ts';
import { structType } from '../../../src/schema/struct-type.ts';

interface Step {
  op: 'apply' | 'update';
  manager: string;
  force?: boolean;
  subresource?: string;
  object: KubeObject;
  result?: KubeObject;
  managedFields?: unknown[];
  error?: unknown;
}
interface Vector { id: string; title: string; kind: string; resetFields?: Record<string, string[]>; steps: Step[] }

const vectors = JSON.parse(readFileSync(new URL('../../golden/vectors/ssa-vectors.json', import.meta.url), 'utf8')) as Vector[];

/** Runs one step against the live object; the vectors have no times, and live objects start from nothing at all. */
function run(vector: Vector, step: Step, live: KubeObject | undefined): KubeObject {
  const slash = vector.kind.lastIndexOf('/');
  const apiVersion = vector.kind.slice(0, slash);
  const subresource = step.subresource ?? '';
  const kind = {
    type: { ...objectTypeOf(structType(kinds.get(vector.kind)!)), empty: {} }, apiVersion, subresource, now: 0,
    resetFields: vector.resetFields?.[subresource],
  };
  if (step.op === 'apply') {
    const gvk = { ...parseApiVersion(apiVersion), kind: vector.kind.slice(slash + 1) };
    const { object, managedFields } = applyPatch({ ...kind, gvk, live, applied: step.object, manager: step.manager, force: step.force ?? false });
    return withManagedFields(object, managedFields);
  }
  const sent = step.object.metadata.managedFields;
  const next = sent === undefined ? withManagedFields(step.object, live?.metadata.managedFields) : step.object;
  return withManagedFields(step.object, updateManagedFields({ ...kind, live, next, manager: step.manager }));
}

function withManagedFields(object: KubeObject, managedFields: KubeObject['metadata']['managedFields']): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: managedFields ? { ...metadata, managedFields } : metadata };
}

function outcome(object: KubeObject): unknown {
  const managedFields = object.metadata.managedFields?.map((entry) => ({ ...entry, time: undefined }));
  return { result: withManagedFields(object, undefined), ...(managedFields ? { managedFields } : {}) };
}

test.each(vectors)('$id: $title', (vector) => {
  let live: KubeObject | undefined;
  for (const step of vector.steps) {
    const expected = step.error === undefined
      ? { result: step.result, ...(step.managedFields ? { managedFields: step.managedFields } : {}) } : { error: step.error };
    try {
      live = deepFreeze(run(vector, deepFreeze(step), live));
      expect(outcome(live)).toEqual(expected);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { message, reason, code, details } = error.status;
      expect({ error: { message, ...(reason ? { reason, code } : {}), ...(details?.causes ? { causes: details.causes } : {}) } }).toEqual(expected);
    }
  }
});
